package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// checkArguments refuses arguments that belong to no flag, and asks for the flags
// without which a command makes no sense.
//
// Flags behind a stray argument would be ignored without a word, so they are
// worth a hint of their own.
func checkArguments(c *cli.Context, required ...string) error {
	if stray := c.Args().First(); stray != "" || c.Args().Len() > 0 {
		return &usageError{fmt.Sprintf("unexpected argument %q", stray), strayHint(c)}
	}
	for _, name := range required {
		if !isGiven(c, name) {
			return &usageError{fmt.Sprintf("--%s is missing", name), requiredHint(c, required)}
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

func strayHint(c *cli.Context) string {
	hint := "usage: " + c.Command.UsageText
	for _, arg := range c.Args().Tail() {
		if strings.HasPrefix(arg, "-") {
			return fmt.Sprintf("flags must come before other arguments, or %s would be ignored; %s", arg, hint)
		}
	}
	return hint
}

func requiredHint(c *cli.Context, required []string) string {
	return fmt.Sprintf("zellige %s needs %s; usage: %s", c.Command.Name, "--"+strings.Join(required, ", --"), c.Command.UsageText)
}

// oneArgument returns the argument of a command that takes just one.
func oneArgument(c *cli.Context) (string, error) {
	usage := "usage: " + c.Command.UsageText
	switch {
	case c.Args().First() == "":
		return "", &usageError{fmt.Sprintf("%s is missing", c.Command.ArgsUsage), usage}
	case c.Args().Len() > 1:
		return "", &usageError{fmt.Sprintf("unexpected argument %q", c.Args().Get(1)), usage}
	}
	return c.Args().First(), nil
}
