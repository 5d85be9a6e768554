package main

import (
	"fmt"
	"image"
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/file"
	"zellige/internal/record"
	"zellige/picture"
)

// namedFile is a file that a flag names; its path is "" if the flag was not given.
type namedFile struct {
	flag, path string
	file.Identity
}

func fileOf(flag, path string) namedFile { return namedFile{flag, path, file.Identify(path)} }

// inputFiles are the files that no result may replace.
func inputFiles(model string, sources record.Sources) []namedFile {
	inputs := []namedFile{fileOf("model", model)}
	for _, s := range sources {
		inputs = append(inputs, fileOf(zellige.RoleKind(s.Role), s.Path))
	}
	return inputs
}

// checkApart refuses a command that would write over one of its own inputs.
func checkApart(outputs, inputs []namedFile) error {
	for i, out := range outputs {
		for _, other := range slices.Concat(inputs, outputs[:i]) {
			if out.path != "" && out.path != standardStream && out.Same(other.Identity) {
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
		newMessages(c.App.ErrWriter, false).warn(fmt.Sprintf("%q: %s", path, file.Warning))
	}
	return file.Image, nil
}

// withFile adds the file's name to an error about one of the pictures, as a flag
// gave it.
func withFile(err error, files record.Sources) error { return files.NameFile(err, "--%s %q %s") }
