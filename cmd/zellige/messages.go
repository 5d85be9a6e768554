package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"zellige/internal/view"
)

// messages go to standard error, and to the live view if there is one.
type messages struct {
	w     io.Writer
	quiet bool   // warnings only
	about string // what all lines begin with: 3 of 20, of several pictures
	view  *view.Server
}

// say prints a line, unless the user asked for quiet.
func (m messages) say(format string, args ...any) {
	text := m.about + fmt.Sprintf(format, args...)
	m.view.Say(text)
	m.print(text)
}

// print prints a line that the live view shows in its own way.
func (m messages) print(text string) {
	if !m.quiet {
		tell(m.w, text)
	}
}

// warn says what is worth knowing though the work goes on.
func (m messages) warn(text string) {
	text = "warning: " + m.about + text
	m.view.Say(text)
	tell(m.w, text)
}

func quietFlag(quiet *bool, usage string) cli.Flag {
	return &cli.BoolFlag{Category: resultCategory, Name: "quiet", Destination: quiet, DisableDefaultText: true, Usage: usage}
}
