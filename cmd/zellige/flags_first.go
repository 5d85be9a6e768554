package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves a command's file behind its flags, for the commands that take
// one: the library stops reading flags at the first argument that is none.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) < 3 {
		return args
	}
	i := slices.IndexFunc(app.Commands, func(c *cli.Command) bool { return c.Name == args[1] && c.ArgsUsage != "" })
	if i < 0 {
		return args
	}
	flags, others := splitArguments(app.Commands[i].Flags, args[2:])
	return slices.Concat(args[:2], flags, others)
}

func splitArguments(known []cli.Flag, args []string) (flags, others []string) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			return flags, slices.Concat([]string{"--"}, others, args[i+1:])
		case len(arg) < 2 || arg[0] != '-':
			others = append(others, arg)
		case takesValue(known, arg) && i+1 < len(args):
			i++
			flags = append(flags, arg, args[i])
		default:
			flags = append(flags, arg)
		}
	}
	return flags, others
}

// takesValue reports whether a flag's value is the next argument.
func takesValue(known []cli.Flag, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	for _, f := range known {
		if slices.Contains(f.Names(), name) {
			_, isBool := f.(*cli.BoolFlag)
			return !isBool
		}
	}
	return false
}
