package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"zellige/internal/experiment"
	"zellige/internal/parameter"
	"zellige/internal/spelling"
	"zellige/runtime"
)

// The exit codes.
const (
	exitDone        = 0
	exitFailure     = 1
	exitUsage       = 2
	exitInterrupted = 130 // 128 + SIGINT, as shells count
)

// usageError is a mistake in the command line.
type usageError struct{ text, hint string }

func (e *usageError) Error() string { return e.text }

// Hint says what to do about it; it may be empty.
func (e *usageError) Hint() string { return e.hint }

// hintedError adds to an error what to do about it.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Unwrap() error { return e.error }

func (e *hintedError) Hint() string { return e.hint }

// interruptedError says what was saved when the user interrupted.
type interruptedError struct{ saved string }

func (e *interruptedError) Error() string { return "interrupted " + e.saved }

func exitCode(err error) int {
	var usage *usageError
	var interrupted *interruptedError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &interrupted), errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &usage), parameter.ErrorIn(err) != nil:
		return exitUsage
	}
	return exitFailure
}

// printError prints an error, once, and what to do about it.
func printError(stderr io.Writer, err error) {
	if err == nil || isClosedOutput(err) {
		return
	}
	if exitCode(err) == exitInterrupted {
		tell(stderr, interruption(err))
		return
	}
	var file *experiment.FileError
	if errors.As(err, &file) {
		printProblems(stderr, file)
		return
	}
	tell(stderr, "error: "+message(err))
	if hint := hintOf(err); hint != "" {
		tell(stderr, "hint: "+hint)
	}
}

// isClosedOutput reports whether the reader of standard output has gone, as head
// does: it has seen all that it wanted.
func isClosedOutput(err error) bool {
	var p *fs.PathError
	return errors.As(err, &p) && p.Path == os.Stdout.Name() && errors.Is(p.Err, syscall.EPIPE)
}

// printProblems prints all that is wrong with a file, a line each.
func printProblems(stderr io.Writer, e *experiment.FileError) {
	fmt.Fprintf(stderr, "zellige: error: %s\n", strings.ReplaceAll(e.Error(), "\n", "\nzellige:        "))
	fmt.Fprintf(stderr, "zellige: hint: docs/experiments.md shows the format\n")
}

func interruption(err error) string {
	var interrupted *interruptedError
	if errors.As(err, &interrupted) {
		return message(err)
	}
	return "interrupted"
}

// message is the text of an error on one line, with options spelled as flags.
func message(err error) string {
	if option := parameter.ErrorIn(err); option != nil {
		return "--" + option.Error()
	}
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}

// flagNamed names flags where the libraries name what they set.
func flagNamed(text string) string {
	return strings.NewReplacer("Config.Library", "--onnxruntime", "Request.Anyway", "--resume-anyway", "Request.Shard", "--shard").Replace(text)
}

// hintOf returns the first hint that an error in the chain has.
func hintOf(err error) string {
	var hinted interface {
		error
		Hint() string
	}
	if errors.As(err, &hinted) {
		return flagNamed(hinted.Hint())
	}
	if option := parameter.ErrorIn(err); option != nil && strings.Contains(option.Error(), "layer") {
		return "zellige layers lists the layers and the smallest picture for each"
	}
	if runtime.LacksMemory(err) {
		return "take a smaller picture or less --max-memory, or raise the limit (ulimit -v unlimited)"
	}
	return ""
}

// The errors of Go's package flag that cli hands on as text.
var (
	unknownFlag  = regexp.MustCompile(`^flag provided but not defined: -(.*)$`)
	lacksValue   = regexp.MustCompile(`^flag needs an argument: -(.*)$`)
	invalidValue = regexp.MustCompile(`^invalid (?:boolean )?value (".*") for (?:flag )?-([^:]*): `)
)

// flagError says in our words what is wrong with a flag. It has the signature of
// cli.OnUsageErrorFunc.
func flagError(c *cli.Context, err error, isSubcommand bool) error {
	text := err.Error()
	if m := unknownFlag.FindStringSubmatch(text); m != nil {
		return &usageError{fmt.Sprintf("unknown flag %s", dashed(m[1])), unknownFlagHint(c, m[1], isSubcommand)}
	}
	if m := lacksValue.FindStringSubmatch(text); m != nil {
		return &usageError{fmt.Sprintf("%s needs a value", dashed(m[1])), ""}
	}
	if m := invalidValue.FindStringSubmatch(text); m != nil {
		return &usageError{fmt.Sprintf("--%s is %s, must be %s", m[2], m[1], valueKind(c.Command.Flags, m[2])), ""}
	}
	return &usageError{text, ""}
}

// dashed spells a flag as it is documented: --seed, -h.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + strings.TrimPrefix(name, "-")
}

func unknownFlagHint(c *cli.Context, name string, isSubcommand bool) string {
	if !isSubcommand {
		return "flags stand behind the command: zellige transfer --content FILE ..."
	}
	hint := fmt.Sprintf("zellige %s --help lists the flags", c.Command.Name)
	if near := spelling.Near(name, flagNames(c.Command.Flags)); near != "" {
		hint = fmt.Sprintf("did you mean %s? %s", dashed(near), hint)
	}
	return hint
}

// flagNames are the long names of flags and of the help.
func flagNames(flags []cli.Flag) []string {
	names := []string{"help"}
	for _, f := range flags {
		for _, n := range f.Names() {
			if len(n) > 1 {
				names = append(names, n)
			}
		}
	}
	return names
}

// valueKind says what a flag takes that is no text.
func valueKind(flags []cli.Flag, name string) string {
	for _, f := range flags {
		if f.Names()[0] != name {
			continue
		}
		switch f.(type) {
		case *cli.IntFlag:
			return "a whole number"
		case *cli.BoolFlag:
			return "true or false"
		case *cli.GenericFlag:
			return "until-done, or ADDRESS:PORT with a port of 0 to 65535"
		}
	}
	return "another value"
}
