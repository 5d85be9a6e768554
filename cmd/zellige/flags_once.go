package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// checkOnce refuses a flag that is given twice and takes one value: the library would
// take the last without a word.
func checkOnce(app *cli.App, args []string) error {
	if len(args) < 3 {
		return nil
	}
	command := app.Command(args[1])
	if command == nil {
		return nil
	}
	given := map[string]string{} // how it was spelled, by the flag's name
	for rest := args[2:]; len(rest) > 0; {
		flag, spelled, values := nextFlag(command.Flags, rest)
		if flag == nil {
			return nil // no flag, which ends them, or unknown
		}
		rest = rest[min(1+values, len(rest)):]
		name := flag.Names()[0]
		if !takesOne(flag) {
			continue
		}
		if before, twice := given[name]; twice {
			return &usageError{givenTwice(before, spelled), "it takes one value"}
		}
		given[name] = spelled
	}
	return nil
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

// takesOne reports whether a flag has one value. What is only on or off may be said
// twice.
func takesOne(f cli.Flag) bool {
	switch f.(type) {
	case *cli.BoolFlag, *cli.StringSliceFlag:
		return false
	}
	return true
}

func givenTwice(first, second string) string {
	if first == second {
		return first + " is given twice"
	}
	return fmt.Sprintf("%s and %s are the same flag, given twice", first, second)
}
