package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"

	"golang.org/x/image/tiff"
)

// MaxPixels is the largest picture [Read] and [Decode] accept, as width times
// height: 200 megapixels.
const MaxPixels = 200_000_000

// A file that declares more than suspectPixels must hold at least one byte for
// every maxPixelsPerByte of them: no compression in use packs pixels of a real
// picture tighter, and a few bytes must not make us allocate gigabytes.
const (
	suspectPixels    = 1 << 24
	maxPixelsPerByte = 10_000
)

// Decode is [Read] for the bytes of a file. It looks at the declared size
// before it allocates anything for the pixels.
func Decode(data []byte) (image.Image, error) {
	file, err := DecodeFile(data)
	if err != nil {
		return nil, err
	}
	return file.Image, nil
}

// decodePixels returns the picture as its format holds it.
func decodePixels(f format, data []byte) (image.Image, error) {
	config, err := f.config(bytes.NewReader(data))
	if err != nil {
		return nil, decodeError(f, err)
	}
	if err := checkDeclaredSize(config.Width, config.Height, len(data)); err != nil {
		return nil, err
	}
	img, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return nil, decodeError(f, err)
	}
	return img, nil
}

func checkIsPicture(data []byte) error {
	if len(data) == 0 {
		return errors.New("the file is empty")
	}
	if _, ok := sniff(data); !ok {
		return fmt.Errorf("not a picture zellige can read (it begins like %s); %s", describe(data), readable)
	}
	return nil
}

func checkDeclaredSize(w, h, bytes int) error {
	switch {
	case w < 1 || h < 1:
		return fmt.Errorf("it declares a size of %dx%d pixels; both sides must be at least 1", w, h)
	case w > MaxPixels/h:
		return fmt.Errorf("it declares %dx%d pixels, more than the limit of %d megapixels; make the picture smaller", w, h, MaxPixels/1_000_000)
	case w*h > suspectPixels && w*h/maxPixelsPerByte > bytes:
		return fmt.Errorf("it declares %dx%d pixels but has only %d bytes; the file is truncated or damaged", w, h, bytes)
	}
	return nil
}

// errShortJPEG is what image/jpeg says if the file ends inside a scan.
const errShortJPEG = jpeg.FormatError("short Huffman data")

// decodeError tells a damaged file from a kind of file nobody here can read.
func decodeError(f format, err error) error {
	var unsupportedJPEG jpeg.UnsupportedError
	var unsupportedTIFF tiff.UnsupportedError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errShortJPEG):
		return fmt.Errorf("the %s data ends too early; the file is truncated", f.name)
	case errors.As(err, &unsupportedJPEG), errors.As(err, &unsupportedTIFF):
		return fmt.Errorf("decode %s: %w; save the picture as PNG and give that", f.name, err)
	}
	return fmt.Errorf("decode %s: %w; the file is damaged", f.name, err)
}
