package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"
)

// messages go to standard error.
type messages struct {
	w     io.Writer
	quiet bool   // warnings only
	about string // what all lines begin with: 3 of 20, of several pictures
}

// say prints a line, unless the user asked for quiet.
func (m messages) say(format string, args ...any) {
	if !m.quiet {
		fmt.Fprintf(m.w, "zellige: %s%s\n", m.about, fmt.Sprintf(format, args...))
	}
}

// warn says what is worth knowing though the work goes on.
func (m messages) warn(text string) { fmt.Fprintf(m.w, "zellige: warning: %s%s\n", m.about, text) }

func quietFlag(quiet *bool, usage string) cli.Flag {
	return &cli.BoolFlag{Category: resultCategory, Name: "quiet", Destination: quiet, DisableDefaultText: true, Usage: usage}
}
