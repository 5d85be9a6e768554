package main

import (
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

// manual is a page that man(1) shows, in the language of man(7).
type manual struct{ text strings.Builder }

func writeManual(c *cli.Context) error {
	if err := checkArguments(c); err != nil {
		return err
	}
	m := &manual{}
	m.macro("TH", "ZELLIGE", "1", "", "zellige "+programVersion(), "")
	m.macro("SH", "NAME")
	m.words(c.App.Name + " - " + c.App.Usage)
	m.macro("SH", "SYNOPSIS")
	m.usage(c.App.UsageText)
	m.macro("SH", "DESCRIPTION")
	m.paragraph(c.App.Description)
	for _, command := range c.App.Commands {
		m.macro("SH", strings.ToUpper(command.Name))
		describe(m, command, true)
	}
	m.macro("SH", "EXIT STATUS")
	m.paragraph(exitCodes)
	_, err := io.WriteString(c.App.Writer, m.text.String())
	return err
}

// macro adds a line that says how the next ones look.
func (m *manual) macro(name string, arguments ...string) {
	m.text.WriteString("." + name)
	for _, a := range arguments {
		m.text.WriteString(` "` + strings.ReplaceAll(escaped(a), `"`, `\(dq`) + `"`)
	}
	m.text.WriteString("\n")
}

// words adds a line of text, which a dot or a quote at its start would make a macro.
func (m *manual) words(text string) { m.text.WriteString(`\&` + escaped(text) + "\n") }

// escaped keeps backslashes, and hyphens that somebody may copy.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ").Replace(text)
}

func (m *manual) paragraph(text string) {
	if text != "" {
		m.macro("PP")
		m.words(text)
	}
}

func (m *manual) usage(text string) { m.lines(strings.Split(text, "\n")) }

func (m *manual) examples(lines []string) {
	if len(lines) > 0 {
		m.paragraph("Examples:")
		m.lines(lines)
	}
}

// lines are shown as they are.
func (m *manual) lines(lines []string) {
	m.macro("PP")
	m.macro("nf")
	for _, line := range lines {
		m.words(line)
	}
	m.macro("fi")
}

func (m *manual) list(heading string, rows []helpRow) {
	if len(rows) == 0 {
		return
	}
	m.macro("SS", strings.TrimSuffix(heading, ":"))
	for _, r := range rows {
		m.macro("TP")
		m.macro("B", r.name)
		m.words(r.text)
	}
}
