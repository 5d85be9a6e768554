package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// arranged is a command line as the library wants it. It moves what a command is given
// without a flag behind the flags, for the library stops reading flags at the first argument
// that is none; and it refuses a flag that is given twice and takes one value, for the
// library would take the last without a word.
func arranged(app *cli.App, args []string) ([]string, error) {
	if len(args) < 3 || app.Command(args[1]) == nil {
		return args, nil
	}
	var flags, others []string
	given := map[string]string{} // how it was spelled, by the flag's name
	for rest := args[2:]; len(rest) > 0; {
		if rest[0] == "--" {
			others = slices.Concat([]string{"--"}, others, rest[1:])
			break
		}
		if len(rest[0]) < 2 || rest[0][0] != '-' {
			others, rest = append(others, rest[0]), rest[1:]
			continue
		}
		flag, spelled, values := nextFlag(app.Command(args[1]).Flags, rest)
		if err := checkOnce(given, flag, spelled); err != nil {
			return nil, err
		}
		end := min(1+values, len(rest))
		flags, rest = append(flags, rest[:end]...), rest[end:]
	}
	return slices.Concat(args[:2], flags, others), nil
}

// checkOnce refuses a flag of one value that is among those given before. What is only on
// or off may be said twice.
func checkOnce(given map[string]string, flag cli.Flag, spelled string) error {
	switch flag.(type) {
	case nil, *cli.BoolFlag, *cli.StringSliceFlag:
		return nil
	}
	before, isTwice := given[flag.Names()[0]]
	given[flag.Names()[0]] = spelled
	switch {
	case !isTwice:
		return nil
	case before == spelled:
		return &usageError{spelled + " is given twice", "it takes one value"}
	}
	return &usageError{fmt.Sprintf("%s and %s are the same flag, given twice", before, spelled), "it takes one value"}
}

// nextFlag is the flag that args begin with, how it is spelled, and how many of the
// next arguments belong to it; nil if it is none that is known.
func nextFlag(known []cli.Flag, args []string) (flag cli.Flag, spelled string, values int) {
	spelled, _, joined := strings.Cut(args[0], "=")
	name := strings.TrimPrefix(strings.TrimPrefix(spelled, "-"), "-")
	if name == spelled || name == "" {
		return nil, "", 0
	}
	i := slices.IndexFunc(known, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
	if i < 0 {
		return nil, "", 0
	}
	if !standsAlone(known[i]) && !joined {
		values = 1
	}
	return known[i], spelled, values
}

// standsAlone reports whether a flag needs no value. One that may have a value has it
// behind an equals sign.
func standsAlone(f cli.Flag) bool {
	if g, ok := f.(*cli.GenericFlag); ok {
		_, ok = g.Value.(interface{ IsBoolFlag() bool })
		return ok
	}
	_, ok := f.(*cli.BoolFlag)
	return ok
}

// takePictures gives pictures that stand without a flag to those of the flags that
// were not given, in that order, and asks for what is missing.
func takePictures(c *cli.Context, names ...string) error {
	free := slices.DeleteFunc(slices.Clone(names), c.IsSet)
	for i, path := range c.Args().Slice() {
		if i == len(free) || path == "" {
			return &usageError{fmt.Sprintf("unexpected argument %q", path), usageHint(c)}
		}
		if err := c.Set(free[i], path); err != nil {
			return err
		}
	}
	return checkRequired(c, names)
}

// takeContents is takePictures for any number of contents: the last picture is the
// style, if no flag gives that.
func takeContents(c *cli.Context) error {
	contents := c.NArg()
	if !c.IsSet("style") {
		contents--
	}
	if err := takePictures(c, append(slices.Repeat([]string{"content"}, max(1, contents)), "style")...); err != nil {
		return err
	}
	for _, style := range c.StringSlice("style") {
		if isFolder(style) {
			return &usageError{fmt.Sprintf("the style %q is a folder, but must be a picture", style), "the painting comes last; " + usageHint(c)}
		}
	}
	return nil
}

// checkArguments refuses arguments that belong to no flag, and asks for the flags
// without which a command makes no sense.
func checkArguments(c *cli.Context, required ...string) error {
	if c.Args().Present() {
		return &usageError{fmt.Sprintf("unexpected argument %q", c.Args().First()), usageHint(c)}
	}
	return checkRequired(c, required)
}

func checkRequired(c *cli.Context, names []string) error {
	for _, name := range names {
		if !isGiven(c, name) {
			hint := fmt.Sprintf("zellige %s needs %s; %s", c.Command.Name, "--"+strings.Join(names, ", --"), usageHint(c))
			return &usageError{fmt.Sprintf("--%s is missing", name), hint}
		}
	}
	return nil
}

// isGiven reports whether a flag has a value, or values that are all something.
func isGiven(c *cli.Context, name string) bool {
	if values := c.StringSlice(name); len(values) > 0 {
		return !slices.Contains(values, "")
	}
	return c.IsSet(name) && c.String(name) != ""
}

// usageHint shows how a command is used, on one line.
func usageHint(c *cli.Context) string {
	return "usage: " + strings.ReplaceAll(c.Command.UsageText, "\n", ", or ")
}

// oneArgument returns the argument of a command that takes just one.
func oneArgument(c *cli.Context) (string, error) {
	switch {
	case c.Args().First() == "":
		return "", &usageError{fmt.Sprintf("%s is missing", c.Command.ArgsUsage), usageHint(c)}
	case c.Args().Len() > 1:
		return "", &usageError{fmt.Sprintf("unexpected argument %q", c.Args().Get(1)), usageHint(c)}
	}
	return c.Args().First(), nil
}
