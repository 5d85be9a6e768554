package main

import (
	"fmt"
	"image"
	"slices"

	"github.com/urfave/cli/v2"

	"zellige/internal/file"
	"zellige/internal/record"
	"zellige/picture"
)

// namedFile is a file that a flag names.
type namedFile struct{ flag, path string }

// files returns the files that flags name, in the order of flags.
func files(c *cli.Context, flags ...string) []namedFile {
	var named []namedFile
	for _, flag := range flags {
		if path := c.String(flag); path != "" {
			named = append(named, namedFile{flag, path})
		}
	}
	return named
}

// checkApart refuses a command that would write over one of its own inputs.
func checkApart(outputs, inputs []namedFile) error {
	for i, out := range outputs {
		for _, other := range slices.Concat(inputs, outputs[:i]) {
			if file.Same(out.path, other.path) {
				return &usageError{fmt.Sprintf("--%s %q is the same file as --%s; choose another name", out.flag, out.path, other.flag), ""}
			}
		}
	}
	return nil
}

// readPicture reads a picture; "" is none. It warns of what could not be used.
func readPicture(c *cli.Context, path string) (image.Image, error) {
	if path == "" {
		return nil, nil
	}
	file, err := picture.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if file.Warning != "" {
		warn(c, fmt.Sprintf("%q: %s", path, file.Warning))
	}
	return file.Image, nil
}

// warn says what is worth knowing though the work goes on.
func warn(c *cli.Context, text string) {
	fmt.Fprintf(c.App.ErrWriter, "zellige: warning: %s\n", text)
}

// withFile adds the file's name to an error about one of the pictures, as a flag
// gave it.
func withFile(err error, files record.Sources) error { return files.NameFile(err, "--%s %q %s") }
