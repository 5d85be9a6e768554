package main

import (
	"errors"
	"fmt"
	"image"
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/experiment"
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
			if picture.SameFile(out.path, other.path) {
				return &usageError{fmt.Sprintf("--%s %q is the same file as --%s; choose another name", out.flag, out.path, other.flag), ""}
			}
		}
	}
	return nil
}

// readPicture reads a picture; "" is none.
func readPicture(path string) (image.Image, error) {
	if path == "" {
		return nil, nil
	}
	return picture.Read(path)
}

// readHashed reads a picture and notes the SHA-256 of the bytes that it decodes,
// by path; "" is none.
func readHashed(path string, sums map[string]string) (image.Image, error) {
	if path == "" {
		return nil, nil
	}
	data, err := picture.ReadBytes(path)
	if err != nil {
		return nil, err
	}
	sums[path] = experiment.Hash(data)
	img, err := picture.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("read picture %q: %w", path, err)
	}
	return img, nil
}

// withFile adds the file's name to an error about one of the pictures. paths
// gives the path of each picture by its name in [zellige.PictureError], which is
// also the name of its flag.
func withFile(err error, paths map[string]string) error {
	var p *zellige.PictureError
	if errors.As(err, &p) && paths[p.Picture] != "" {
		return fmt.Errorf("--%s %q %s", p.Picture, paths[p.Picture], p.Reason)
	}
	return err
}
