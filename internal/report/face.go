package report

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// face writes in one of Go's own fonts.
type face struct{ font.Face }

var (
	labelFace = newFace(goregular.TTF, 15)
	titleFace = newFace(gobold.TTF, 22)
)

// newFace panics for a font that is none: ours are in the program.
func newFace(ttf []byte, size float64) face {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err)
	}
	sized, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic(err)
	}
	return face{sized}
}

// draw writes a line with its baseline at y, cut off with an ellipsis where it would
// be wider than width.
func (f face) draw(canvas draw.Image, text string, x, y, width int, ink color.Color) {
	d := font.Drawer{Dst: canvas, Src: image.NewUniform(ink), Face: f, Dot: fixed.P(x, y)}
	d.DrawString(f.fit(text, width))
}

func (f face) fit(text string, width int) string {
	if font.MeasureString(f, text).Ceil() <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && font.MeasureString(f, string(runes)+"…").Ceil() > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
