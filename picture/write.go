package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"

	"golang.org/x/image/tiff"
)

// encoder writes a picture, with the texts if its format can hold them.
type encoder func(w io.Writer, img image.Image, meta []Text) error

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
// as img has), JPEG (quality 95, chroma not subsampled) or TIFF (deflate). The
// file is complete or not there: see [WriteFileAtomic]. PNG keeps meta as text
// chunks, see [ReadText]; the other formats drop it.
func Write(path string, img image.Image, meta ...Text) error {
	encode, err := encoderFor(path)
	if err != nil {
		return fmt.Errorf("write picture %q: %w", path, err)
	}
	err = writeFileAtomic(path, func(w io.Writer) error { return encode(w, img, meta) })
	if err != nil {
		return fmt.Errorf("write picture %q: %w", path, plainReason(err))
	}
	return nil
}

func encodePNG(w io.Writer, img image.Image, meta []Text) error {
	chunks, err := textChunks(meta)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return err
	}
	_, err = w.Write(insertChunks(file.Bytes(), chunks))
	return err
}

func encodeTIFF(w io.Writer, img image.Image, _ []Text) error {
	return tiff.Encode(w, img, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
}
