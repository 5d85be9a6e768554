package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

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

// tell prints text behind the program's name. On a terminal lines break between words.
func tell(w io.Writer, text string) {
	text = "zellige: " + text
	if f := terminalOf(w); f != nil {
		const indention = "  "
		text = strings.Join(wrapped(text, columns(f)-len(indention)), "\n"+indention)
	}
	fmt.Fprintln(w, text)
}

// status is the last line of a terminal, drawn again and again. The cursor stands at its
// beginning, so that all of it can be cleared also if the terminal became narrower and
// broke it, or wrote ^C there.
type status struct {
	w     io.Writer // nil if there is no terminal
	width func() int
	drawn time.Time // zero if the line is clear
}

func newStatus(w io.Writer) status {
	f := terminalOf(w)
	if f == nil {
		return status{}
	}
	return status{w: f, width: func() int { return columns(f) }}
}

// redrawEvery is how long the line stays as it is.
const redrawEvery = 200 * time.Millisecond

// isDue reports whether the line is old.
func (s *status) isDue() bool { return time.Since(s.drawn) >= redrawEvery }

const clearBelow = "\r\x1b[J" // from the beginning of the line

func (s *status) draw(share float64, parts ...string) {
	s.drawn = time.Now()
	fmt.Fprint(s.w, clearBelow+statusLine(s.width()-1, share, parts)+"\r") // the last column would move the cursor on
}

func (s *status) clear() {
	if !s.drawn.IsZero() {
		fmt.Fprint(s.w, clearBelow)
		s.drawn = time.Time{}
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
