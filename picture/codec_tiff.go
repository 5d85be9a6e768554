package picture

import (
	"image"
	"io"

	"golang.org/x/image/tiff"
)

func encodeTIFF(w io.Writer, img image.Image, _ Metadata) error {
	return tiff.Encode(w, img, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
}
