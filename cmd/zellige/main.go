// Command zellige repaints a photograph in the style of another picture.
//
// Flags go in, a picture comes out; what happens between is package zellige's.
// Each command has a file of its own, and so has each group of flags that
// commands share. Pictures and data go to files and to standard output, progress
// and messages to standard error.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v2"

	"zellige/internal/spelling"
)

func main() {
	// Whoever read our progress may have gone; a picture is worth more than that.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(run(os.Args, os.Stdout, os.Stderr))
}

// run is the whole program but the exit, so that whatever it opened is closed.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), interruptions()...)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C kills at once
	app := newApp(stdout, stderr)
	args, err := arranged(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	printError(stderr, err)
	return exitCode(err)
}

// interruptions are the signals that let a command save what it has. nohup, which
// keeps a command running when its terminal closes, is respected.
func interruptions() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// commands are listed in the order of the help.
func commands() []*cli.Command {
	return []*cli.Command{
		transferCommand(),
		invertCommand(),
		synthesizeCommand(),
		runCommand(),
		rerunCommand(),
		reportCommand(),
		measureCommand(),
		evaluateCommand(),
		layersCommand(),
		doctorCommand(),
		completionCommand(),
		helpCommand(),
		versionCommand(),
	}
}

const description = `Neural style transfer on a CPU: the pixels of a picture are moved until a frozen
network sees the content of one picture and the style of another.`

func newApp(stdout, stderr io.Writer) *cli.App {
	app := &cli.App{
		Name:        "zellige",
		Usage:       "repaint a photograph in the style of another picture",
		UsageText:   "zellige transfer PHOTO PAINTING\nzellige COMMAND [flags]\nzellige help COMMAND",
		Description: description,
		Commands:    commands(),
		Flags: append(helpFlags(), &cli.BoolFlag{Name: "version", DisableDefaultText: true,
			Usage: "print the versions of the program and of what it would run on"}),
		Action:          withoutCommand,
		Writer:          stdout,
		ErrWriter:       stderr,
		HideVersion:     true, // the library's own printer is a global
		HideHelpCommand: true,
		Suggest:         true,
		// Commas are parts of names; whoever means two files gives the flag twice.
		DisableSliceFlagSeparator: true,
		OnUsageError:              flagError,
		// Otherwise the library calls os.Exit in the middle of things.
		ExitErrHandler: func(*cli.Context, error) {},
	}
	for _, c := range app.Commands {
		c.OnUsageError, c.HideHelpCommand = flagError, true
		c.Flags = append(c.Flags, helpFlags()...)
		if c.Name != "help" { // --help-all is of the command that it shows
			c.Action = helpFirst(c.Action)
		}
	}
	return app
}

// withoutCommand is what happens when no command was recognised.
func withoutCommand(c *cli.Context) error {
	if c.Bool("version") {
		_, err := fmt.Fprint(c.App.Writer, versionText())
		return err
	}
	name := c.Args().First()
	if name == "" {
		return writeAppHelp(c.App)
	}
	return unknownCommand(c.App.Commands, name)
}

func unknownCommand(commands []*cli.Command, name string) error {
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = c.Name
	}
	hint := "zellige --help lists the commands"
	if near := spelling.Near(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %s? %s", near, hint)
	}
	return &usageError{fmt.Sprintf("unknown command %q", name), hint}
}
