package picture

import (
	"bytes"
	"image"
	"image/draw"
	"image/gif"
	"io"
)

// decodeGIF decodes the first frame and puts it where it belongs on the
// logical screen, which a frame need not fill.
func decodeGIF(r io.Reader) (image.Image, error) {
	whole, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	screen, err := gif.DecodeConfig(bytes.NewReader(whole))
	if err != nil {
		return nil, err
	}
	frame, err := gif.Decode(bytes.NewReader(whole))
	if err != nil {
		return nil, err
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, screen.Width, screen.Height))
	draw.Draw(canvas, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
	return canvas, nil
}
