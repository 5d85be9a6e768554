package main

import (
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// helpPage is text that is as wide as the terminal.
type helpPage struct {
	width int // in letters
	text  strings.Builder
}

// helpRow is what is explained, and the explanation.
type helpRow struct{ name, text string }

const (
	plainWidth    = 80 // of what is no terminal, or does not tell
	narrowest     = 40
	longestName   = 24 // of what has its explanation beside it
	helpIndention = "  "
)

func newHelpPage(w io.Writer) *helpPage { return &helpPage{width: max(narrowest, widthOf(w))} }

// widthOf is what COLUMNS says, or the width of the terminal.
func widthOf(w io.Writer) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if isTerminal(w) {
		return columns(w.(*os.File))
	}
	return plainWidth
}

func (p *helpPage) write(w io.Writer) error {
	_, err := io.WriteString(w, strings.TrimRight(p.text.String(), "\n")+"\n")
	return err
}

// paragraph adds text whose own ends of lines do not matter; "" is none.
func (p *helpPage) paragraph(text string) {
	if text == "" {
		return
	}
	for _, line := range wrapped(text, p.width) {
		p.text.WriteString(line + "\n")
	}
	p.text.WriteString("\n")
}

// usage adds the ways to call a command, each of which may take several lines.
func (p *helpPage) usage(text string) {
	start := "Usage: "
	for line := range strings.SplitSeq(text, "\n") {
		p.text.WriteString(start + strings.Join(wrapped(line, p.width-9), "\n         ") + "\n")
		start = "       "
	}
	p.text.WriteString("\n")
}

// examples can be copied, also where they take several lines.
func (p *helpPage) examples(lines []string) {
	if len(lines) == 0 {
		return
	}
	p.text.WriteString("Examples:\n")
	for _, line := range lines {
		width := p.width - len(helpIndention)
		if len(line) > width {
			width -= 4 // for the other lines' indention and the ends
		}
		p.text.WriteString(helpIndention + strings.Join(wrapped(line, width), " \\\n    ") + "\n")
	}
	p.text.WriteString("\n")
}

// list adds explanations in a column beside what they explain, below it if that is long.
func (p *helpPage) list(heading string, rows []helpRow) {
	if len(rows) == 0 {
		return
	}
	column := 0
	for _, r := range rows {
		if n := utf8.RuneCountInString(r.name); n <= longestName {
			column = max(column, n)
		}
	}
	column += len(helpIndention) + 2
	p.text.WriteString(heading + "\n")
	for _, r := range rows {
		p.row(r, column)
	}
	p.text.WriteString("\n")
}

func (p *helpPage) row(r helpRow, column int) {
	line := helpIndention + r.name
	for i, text := range wrapped(r.text, p.width-column) {
		if i == 0 && utf8.RuneCountInString(line) > column-2 {
			p.text.WriteString(line + "\n")
			line = ""
		}
		p.text.WriteString(line + strings.Repeat(" ", column-utf8.RuneCountInString(line)) + text + "\n")
		line = ""
	}
}

// wrapped breaks text between words, so that no line is wider than width unless one
// word is.
func wrapped(text string, width int) (lines []string) {
	line, wide := "", 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if wide > 0 && wide+1+n > width {
			lines = append(lines, line)
			line, wide = "", 0
		}
		if wide > 0 {
			line, wide = line+" ", wide+1
		}
		line, wide = line+word, wide+n
	}
	return append(lines, line)
}
