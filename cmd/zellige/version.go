package main

import (
	"fmt"
	"io"
	goruntime "runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"zellige/runtime"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:      "version",
		Usage:     "print the versions of the program and of what it would run on",
		UsageText: "zellige version",
		Action: func(c *cli.Context) error {
			if err := checkArguments(c); err != nil {
				return err
			}
			_, err := io.WriteString(c.App.Writer, versionText())
			return err
		},
	}
}

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version string

func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// versionText is what a bug report needs. It does not load the library.
func versionText() string {
	library, err := runtime.FindLibrary("")
	if err != nil {
		library = "not found"
	}
	return fmt.Sprintf("zellige %s\n%s %s/%s\nONNX Runtime library: %s\n",
		programVersion(), goruntime.Version(), goruntime.GOOS, goruntime.GOARCH, library)
}
