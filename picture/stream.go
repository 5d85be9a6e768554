package picture

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"io"
	"slices"

	"zellige/internal/file"
)

// Formats are the names of the formats that [Encode] writes.
func Formats() []string { return []string{"png", "jpeg", "tiff"} }

// Encode writes img to w in one of the [Formats], as [WriteWith] writes it to a file.
func Encode(w io.Writer, format string, img image.Image, meta Metadata) error {
	if err := CheckFormat(format); err != nil {
		return err
	}
	return encoders["."+format](w, img, meta)
}

// CheckFormat reports whether [Encode] knows a format, and whether that can hold the
// features asked for.
func CheckFormat(format string, features ...Feature) error {
	if !slices.Contains(Formats(), format) {
		return fmt.Errorf("unknown format %q; give png, jpeg or tiff", format)
	}
	return checkFeatures("."+format, features)
}

// ReadStream returns an image file that comes from r, at most 1 GiB, as [ReadBytes]
// does of a file. Of what is no picture only the first bytes are read.
func ReadStream(r io.Reader) ([]byte, error) { return readStream(r, 0) }

// readStream looks at the first bytes before it reads the rest, so that a mistaken
// path to a device or a huge file costs nothing.
func readStream(r io.Reader, sizeHint int64) ([]byte, error) {
	buffered := bufio.NewReaderSize(r, headLength)
	head, err := buffered.Peek(headLength)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, file.Reason(err)
	}
	if err := checkIsPicture(head); err != nil {
		return nil, err
	}
	return readLimited(buffered, sizeHint)
}
