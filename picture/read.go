package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"os"

	"zellige/internal/file"
)

// maxFileBytes bounds what Read takes into memory. The largest picture that
// MaxPixels lets through stays below it in every compressed format.
const maxFileBytes = 1 << 30

// Endings are those of the names of files that [Read] can read, as a rule.
func Endings() []string {
	return []string{".png", ".tif", ".tiff", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"}
}

var errTooManyBytes = fmt.Errorf("the file is larger than %d bytes; make the picture smaller", maxFileBytes)

// Read decodes the image file at path: its first frame, turned upright as its
// EXIF orientation says, in sRGB, transparent parts flattened on white. The
// result is an opaque *image.NRGBA, or an *image.NRGBA64 if the file has 16 bits
// per channel, with bounds that begin at (0, 0). A colour profile that cannot be
// used is passed over; [ReadFile] tells of it and returns what else the file holds.
//
// Errors name the file and the reason: no such file, a folder, empty, not a
// picture, truncated, larger than [MaxPixels].
func Read(path string) (image.Image, error) {
	file, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	return file.Image, nil
}

// ReadFile is [Read] with everything else that the file holds.
func ReadFile(path string) (*File, error) {
	data, err := ReadBytes(path)
	if err != nil {
		return nil, err
	}
	file, err := DecodeFile(data)
	if err != nil {
		return nil, fmt.Errorf("read picture %q: %w", path, err)
	}
	return file, nil
}

// ReadBytes returns the content of the image file at path, at most 1 GiB, for
// [Decode] or [DecodeFile] and for whoever wants to hash the same bytes. It
// looks only at the first bytes to tell whether the file is a picture.
func ReadBytes(path string) ([]byte, error) {
	data, err := readPictureFile(path)
	if err != nil {
		return nil, fmt.Errorf("read picture %q: %w", path, err)
	}
	return data, nil
}

func readPictureFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	defer f.Close() // only read from
	info, err := f.Stat()
	if err != nil {
		return nil, file.Reason(err)
	}
	if info.IsDir() {
		return nil, errors.New("it is a folder, not a picture")
	}
	if info.Size() > maxFileBytes {
		return nil, errTooManyBytes
	}
	return readStream(f, info.Size())
}

func readLimited(r io.Reader, sizeHint int64) ([]byte, error) {
	var data bytes.Buffer
	data.Grow(int(min(max(sizeHint, 0), maxFileBytes)) + bytes.MinRead)
	if _, err := data.ReadFrom(io.LimitReader(r, maxFileBytes+1)); err != nil {
		return nil, file.Reason(err)
	}
	if data.Len() > maxFileBytes {
		return nil, errTooManyBytes
	}
	return data.Bytes(), nil
}
