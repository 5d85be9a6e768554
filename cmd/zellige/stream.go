package main

import (
	"fmt"
	"image"
	"io"
	"os"

	"golang.org/x/term"

	"zellige/internal/file"
	"zellige/internal/record"
	"zellige/picture"
)

// standardStream stands for standard input or output in place of a file.
const standardStream = "-"

// standardOutput is where a result is that was written there, in words.
const standardOutput = "standard output"

// openSource is [record.OpenFile], but for standard input.
func openSource(stdin io.Reader) func(path string) (record.File, error) {
	return func(path string) (record.File, error) {
		if path == standardStream {
			return record.OpenStream("standard input", stdin)
		}
		return record.OpenFile(path)
	}
}

// checkStandardInput refuses to read two pictures from one stream, or one from a
// keyboard.
func checkStandardInput(stdin io.Reader, sources record.Sources) error {
	var first string
	for _, s := range sources {
		switch {
		case s.Path != standardStream:
		case first != "":
			return &usageError{fmt.Sprintf("%s and %s are both standard input, which holds one picture", first, s.Role), "name a file for one of them"}
		case isTerminal(stdin):
			return &usageError{fmt.Sprintf("the %s is standard input, but that is a terminal", s.Role), "pipe a picture into the command, or name a file"}
		default:
			first = s.Role
		}
	}
	return nil
}

// checkStandardOutput refuses what would fail after the work.
func checkStandardOutput(stdout io.Writer, format string, features []picture.Feature) error {
	if format == "" {
		return &usageError{"--format is missing", "a picture on standard output needs --format png, jpeg or tiff"}
	}
	if err := picture.CheckFormat(format, features...); err != nil {
		return &usageError{fmt.Sprintf("write picture to standard output: %v", err), ""}
	}
	if isTerminal(stdout) {
		return &usageError{"the output is standard output, but that is a terminal", "redirect it to a file or a command, or name a file"}
	}
	return nil
}

// writeStandardOutput writes a picture to a stream. If its reader has gone, the work is
// kept in the folder of temporary files as [writePicture] does it.
func writeStandardOutput(stdout io.Writer, format string, img image.Image, meta picture.Metadata) error {
	if err := picture.Encode(stdout, format, img, meta); err != nil {
		return rescue(fmt.Errorf("write picture to standard output: %v", file.Reason(err)), "picture"+endings[format], img, meta)
	}
	return nil
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
