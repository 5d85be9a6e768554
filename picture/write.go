package picture

import (
	"errors"
	"fmt"
	"image"
	"io"

	"zellige/internal/file"
)

// Metadata is what a file can hold beside its pixels.
type Metadata struct {
	// EXIF is what [File].EXIF holds, or nil to write none. JPEG and PNG keep it,
	// with the size of the new picture where it tells one; TIFF drops it.
	EXIF []byte
	// Texts are kept by PNG alone, as text chunks; see [ReadText].
	Texts []Text
}

// encoder writes a picture with as much of the metadata as its format can hold.
type encoder func(w io.Writer, img image.Image, meta Metadata) error

var encoders = map[string]encoder{
	".png":  encodePNG,
	".jpg":  encodeJPEG,
	".jpeg": encodeJPEG,
	".tif":  encodeTIFF,
	".tiff": encodeTIFF,
}

func encoderFor(path string) (encoder, error) {
	if e, ok := encoders[ending(path)]; ok {
		return e, nil
	}
	if ending(path) == "" {
		return nil, errors.New("the name has no ending; give .png, .jpg or .tif")
	}
	return nil, fmt.Errorf("unknown ending %q; give .png, .jpg or .tif", ending(path))
}

// Write writes img to path, in the format its ending names: PNG (8 or 16 bits
// as img has), JPEG (quality 95, chroma not subsampled, 8 bits) or TIFF (deflate,
// 8 or 16 bits). Transparency is kept but for JPEG, which shows it white. The
// file is complete or not there: see [file.Replace]. No metadata but texts is
// written, and those by PNG alone; [WriteWith] writes EXIF data, too.
func Write(path string, img image.Image, texts ...Text) error {
	return WriteWith(path, img, Metadata{Texts: texts})
}

// WriteWith is [Write] with all metadata that the format can hold.
func WriteWith(path string, img image.Image, meta Metadata) error {
	encode, err := encoderFor(path)
	if err != nil {
		return fmt.Errorf("write picture %q: %w", path, err)
	}
	return file.Replace(path, func(w io.Writer) error { return encode(w, img, meta) })
}
