package main

import (
	"slices"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves what a command is given without a flag behind its flags: the
// library stops reading flags at the first argument that is none.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) < 3 {
		return args
	}
	command := app.Command(args[1])
	if command == nil {
		return args
	}
	flags, others := splitArguments(command.Flags, args[2:])
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
		default:
			_, _, values := nextFlag(known, args[i:])
			end := min(i+1+values, len(args))
			flags = append(flags, args[i:end]...)
			i = end - 1
		}
	}
	return flags, others
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
