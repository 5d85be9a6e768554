package picture

import (
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
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

// decodePixels returns the picture as its format holds it, and what is worth
// knowing about it.
func decodePixels(f format, data []byte) (img image.Image, doubt string, err error) {
	size, err := f.size(data)
	if err != nil {
		return nil, "", decodeError(f, err)
	}
	if err := checkDeclaredSize(size.X, size.Y, len(data)); err != nil {
		return nil, "", err
	}
	img, err = f.decode(data)
	var shown shownAnyway
	if errors.As(err, &shown) {
		return img, string(shown), nil
	}
	if err != nil {
		return nil, "", decodeError(f, err)
	}
	return img, "", nil
}

// shownAnyway comes with a picture of which something is doubtful.
type shownAnyway string

func (s shownAnyway) Error() string { return string(s) }

func checkIsPicture(head []byte) error {
	if len(head) == 0 {
		return errors.New("the file is empty")
	}
	if kind, ok := findForeign(head); ok {
		return fmt.Errorf("it is %s, which zellige does not read; %s", kind.name, kind.advice)
	}
	if _, ok := sniff(head); ok {
		return nil
	}
	begins := "no known kind of picture"
	if isText(head) {
		begins = "text"
	}
	return fmt.Errorf("not a picture zellige can read (it begins like %s); %s", begins, readable)
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

var (
	errEndsEarly = errors.New("it ends too early")
	errDamaged   = errors.New("it is damaged")
)

// errShortJPEG is what image/jpeg says if the file ends inside a scan.
const errShortJPEG = jpeg.FormatError("short Huffman data")

// unsupported says in words what is the matter with a sound file that cannot be read.
type unsupported string

func (u unsupported) Error() string { return string(u) }

// decodeError says in a user's words whether a file is cut short, damaged, or
// sound but of a kind that nobody here can read. What the libraries say is for
// programmers and left out.
func decodeError(f format, err error) error {
	var rare unsupported
	var inJPEG jpeg.UnsupportedError // what the libraries call sound but beyond them
	var inPNG png.UnsupportedError
	switch {
	case errors.Is(err, errRaw):
		return err
	case errors.As(err, &rare):
		return fmt.Errorf("the %s file cannot be read: %w; %s", f.name, rare, convert)
	case errors.As(err, &inJPEG):
		return decodeError(f, unsupported("it has another number of colours than one, three or four, or they are subsampled in a rare way"))
	case errors.As(err, &inPNG):
		return decodeError(f, unsupported("its colours are packed in a rare way"))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errShortJPEG), errors.Is(err, errEndsEarly):
		return fmt.Errorf("the %s data ends too early; the file is truncated", f.name)
	}
	return fmt.Errorf("the %s data cannot be decoded; the file is damaged", f.name)
}
