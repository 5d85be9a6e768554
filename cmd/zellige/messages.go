package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"zellige/internal/view"
)

// messages go to standard error, and to the live view if there is one. On a terminal their
// last line may be a status, drawn again and again. The cursor stands at its beginning, so
// that all of it can be cleared also if the terminal became narrower and broke it, or wrote
// ^C there.
type messages struct {
	w     io.Writer
	quiet bool   // warnings only
	about string // what all lines begin with: 3 of 20, of several pictures
	view  *view.Server

	terminal io.Writer // for the status; nil if there is none, or the user asked for quiet
	width    func() int
	drawn    time.Time // the status; zero if there is none now
	printed  time.Time // the last line in place of a status
}

func newMessages(w io.Writer, quiet bool) *messages {
	m := &messages{w: w, quiet: quiet, printed: time.Now()}
	if f := terminalOf(w); f != nil && !quiet {
		m.terminal, m.width = f, func() int { return columns(f) }
	}
	return m
}

func quietFlag(quiet *bool, usage string) cli.Flag {
	return &cli.BoolFlag{Category: resultCategory, Name: "quiet", Destination: quiet, DisableDefaultText: true, Usage: usage}
}

// say prints a line, unless the user asked for quiet.
func (m *messages) say(format string, args ...any) {
	text := m.about + fmt.Sprintf(format, args...)
	m.view.Say(text)
	m.print(text)
}

// print prints a line that the live view shows in its own way.
func (m *messages) print(text string) {
	if !m.quiet {
		m.clear()
		tell(m.w, text)
	}
}

// warn says what is worth knowing though the work goes on.
func (m *messages) warn(text string) {
	text = "warning: " + m.about + text
	m.view.Say(text)
	m.clear()
	tell(m.w, text)
}

// tell prints text behind the program's name. On a terminal lines break between words.
func tell(w io.Writer, text string) {
	text = "zellige: " + text
	if f := terminalOf(w); f != nil {
		const indention = "  "
		text = strings.Join(wrapped(text, columns(f)-len(indention)), "\n"+indention)
	}
	fmt.Fprintln(w, text)
}

// How long the status stays as it is, and how long nothing is said in its place at most.
const (
	redrawEvery = 200 * time.Millisecond
	lineEvery   = 10 * time.Second
)

const clearBelow = "\r\x1b[J" // from the beginning of the line

// status says how far the work is: on a terminal in its last line, otherwise in a line now
// and then.
func (m *messages) status(share float64, parts ...string) {
	switch {
	case m.terminal != nil && time.Since(m.drawn) >= redrawEvery:
		m.drawn = time.Now()
		fmt.Fprint(m.terminal, clearBelow+statusLine(m.width()-1, share, parts)+"\r") // the last column would move the cursor on
	case m.terminal == nil && time.Since(m.printed) >= lineEvery:
		m.printed = time.Now()
		m.print(joined(parts...))
	}
}

// clear clears the status.
func (m *messages) clear() {
	if !m.drawn.IsZero() {
		fmt.Fprint(m.terminal, clearBelow)
		m.drawn = time.Time{}
	}
}

// statusLine has a bar, and of the parts, of which the first matter most, those that have
// room. The bar is short in a narrow terminal.
func statusLine(width int, share float64, parts []string) string {
	length := min(16, width/5)
	line := fmt.Sprintf("%3.0f %% [%-*s] ", 100*share, length, strings.Repeat("=", int(share*float64(length)+0.5)))
	separator := ""
	for _, part := range parts {
		if part != "" && utf8.RuneCountInString(line+separator+part) <= width {
			line += separator + part
			separator = ", "
		}
	}
	return line[:min(len(line), max(0, width))]
}

// joined leaves out what is empty.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// terminalOf is nil if w is not a terminal that can clear a line.
func terminalOf(w io.Writer) *os.File {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && obeys(f) {
		return f
	}
	return nil
}

// columns is the width of a terminal.
func columns(terminal *os.File) int {
	width, _, err := term.GetSize(int(terminal.Fd()))
	if err != nil || width <= 0 {
		return plainWidth
	}
	return width
}
