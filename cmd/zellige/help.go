package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

// The library's help knows one length and no width, and sorts flags by the alphabet.
func init() { cli.HelpFlag = nil }

// helpFlags are of every command.
func helpFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Category: helpCategory, Name: "help", Aliases: []string{"h"}, DisableDefaultText: true, Usage: "show how the command is used"},
		&cli.BoolFlag{Category: helpCategory, Name: "help-all", DisableDefaultText: true, Usage: "show all flags"},
	}
}

const helpCategory = "Help:"

// helpFirst is an action that shows the help instead if that is asked for.
func helpFirst(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		short, all := false, false
		for _, level := range c.Lineage() { // zellige --help transfer
			short, all = short || level.Bool("help"), all || level.Bool("help-all")
		}
		if short || all {
			return writeHelp(c.App.Writer, c.Command, all)
		}
		return action(c)
	}
}

func helpCommand() *cli.Command {
	return &cli.Command{
		Name:      "help",
		Usage:     "show how a command is used",
		UsageText: "zellige help [COMMAND] [--help-all]",
		ArgsUsage: "COMMAND",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "man", DisableDefaultText: true,
			Usage: "write the manual page, with all commands and flags, as man(1) reads it"}},
		Action: func(c *cli.Context) error {
			if c.Bool("man") {
				return writeManual(c)
			}
			if !c.Args().Present() {
				return writeAppHelp(c.App)
			}
			name, err := oneArgument(c)
			if err != nil {
				return err
			}
			command := c.App.Command(name)
			if command == nil {
				return unknownCommand(c.App.Commands, name)
			}
			return writeHelp(c.App.Writer, command, c.Bool("help-all"))
		},
	}
}

const exitCodes = "0 done, 1 failure, 2 wrong usage, 130 interrupted."

// writeAppHelp shows what the commands are.
func writeAppHelp(app *cli.App) error {
	p := newHelpPage(app.Writer)
	p.paragraph(app.Name + ": " + app.Usage)
	p.usage(app.UsageText)
	p.paragraph(app.Description)
	var rows []helpRow
	for _, c := range app.Commands {
		rows = append(rows, helpRow{c.Name, c.Usage})
	}
	p.list("Commands:", rows)
	p.paragraph("Exit codes: " + exitCodes)
	return p.write(app.Writer)
}

// writeHelp shows how a command is used, with the flags that are needed often or all.
func writeHelp(w io.Writer, c *cli.Command, all bool) error {
	p := newHelpPage(w)
	describe(p, c, all)
	return p.write(w)
}

// page is what help is written on.
type page interface {
	paragraph(text string)
	usage(text string)
	list(heading string, rows []helpRow)
	examples(lines []string)
}

func describe(p page, c *cli.Command, all bool) {
	p.paragraph("zellige " + c.Name + ": " + c.Usage)
	p.usage(c.UsageText)
	p.paragraph(c.Description)
	brief := briefs[c.Name]
	isBrief := len(brief.common) > 0 && !all
	if isBrief {
		p.list("Common flags:", rowsOf(named(c.Flags, brief.common)))
	} else {
		groups(p, c.Flags)
	}
	p.examples(brief.examples)
	if isBrief {
		p.paragraph(fmt.Sprintf("zellige %s --help-all lists all %d flags.", c.Name, len(c.Flags)))
	}
}

// groups lists flags in the order of the work.
func groups(p page, flags []cli.Flag) {
	for _, category := range []string{"", filesCategory, runCategory, objectiveCategory, paintCategory, networkCategory, resultCategory} {
		heading := category
		if category == "" {
			heading = "Flags:"
		}
		p.list(heading, rowsOf(ofCategory(flags, category)))
	}
}

func ofCategory(flags []cli.Flag, category string) (list []cli.Flag) {
	for _, f := range flags {
		if f.(cli.CategorizableFlag).GetCategory() == category {
			list = append(list, f)
		}
	}
	return list
}

// named are the flags of some names, in the order of these.
func named(flags []cli.Flag, names []string) (list []cli.Flag) {
	for _, name := range names {
		for _, f := range flags {
			if f.Names()[0] == name {
				list = append(list, f)
			}
		}
	}
	return list
}

func rowsOf(flags []cli.Flag) (rows []helpRow) {
	for _, f := range flags {
		rows = append(rows, helpRow{spelledFlag(f), flagUsage(f)})
	}
	return rows
}

// spelledFlag is a flag as it is typed: -o, --output FILE.
func spelledFlag(f cli.Flag) string {
	var names []string
	for _, name := range f.Names() {
		names = append([]string{dashed(name)}, names...)
	}
	text := strings.Join(names, ", ")
	switch d := f.(cli.DocGenerationFlag); {
	case !standsAlone(f):
		text += " " + placeholder(d.GetUsage())
	case d.TakesValue():
		text += "[=" + placeholder(d.GetUsage()) + "]"
	}
	return text
}

// placeholder is the word in a usage that stands between backquotes.
func placeholder(usage string) string {
	_, rest, _ := strings.Cut(usage, "`")
	word, _, ok := strings.Cut(rest, "`")
	if !ok {
		return "VALUE"
	}
	return word
}

// flagUsage says what a flag does, and what holds without it.
func flagUsage(f cli.Flag) string {
	d := f.(cli.DocGenerationFlag)
	usage := strings.ReplaceAll(d.GetUsage(), "`", "")
	if text := d.GetDefaultText(); d.TakesValue() && text != "" {
		usage += " (default: " + text + ")"
	}
	return usage
}
