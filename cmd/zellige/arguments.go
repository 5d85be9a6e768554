package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

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
