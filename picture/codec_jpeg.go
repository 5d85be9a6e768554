package picture

import (
	"image"
	"image/jpeg"
	"io"
)

func decodeJPEG(r io.Reader) (image.Image, error) {
	img, err := jpeg.Decode(r)
	if err != nil {
		return nil, err
	}
	if planes, ok := img.(*image.YCbCr); ok {
		return fromJFIF(planes), nil
	}
	return img, nil
}
