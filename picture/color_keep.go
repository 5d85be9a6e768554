package picture

import (
	"encoding/binary"
	"image"
)

// KeepColors returns painted, at its own depth, with its own luma (ITU-R BT.601)
// and the chroma of original, which is resized to the size of painted. Since
// chroma is the difference of a channel to the luma, each channel of original
// moves by the difference of the two lumas; what leaves the range is cut off.
func KeepColors(painted, original image.Image) image.Image {
	out := clone(flatten(painted))
	b := out.Bounds()
	get, set := levelsOf(out)
	colors, _ := levelsOf(Resize(original, b.Dx(), b.Dy()))
	for i := range b.Dx() * b.Dy() {
		color := colors(i)
		move := luma(get(i)) - luma(color)
		for c := range color {
			color[c] += move
		}
		set(i, color)
	}
	return out
}

// luma is the brightness of red, green and blue.
func luma(color [3]float32) float32 {
	return 0.299*color[0] + 0.587*color[1] + 0.114*color[2]
}

// levelsOf reads and writes the colour of a pixel, in 0..1, of a picture as
// flatten returns it. What is written is cut off there and rounded.
func levelsOf(img image.Image) (get func(i int) [3]float32, set func(i int, color [3]float32)) {
	switch img := img.(type) {
	case *image.NRGBA64:
		get = func(i int) (color [3]float32) {
			for c := range color {
				color[c] = float32(binary.BigEndian.Uint16(img.Pix[8*i+2*c:])) / 0xffff
			}
			return color
		}
		set = func(i int, color [3]float32) {
			for c, x := range color {
				binary.BigEndian.PutUint16(img.Pix[8*i+2*c:], uint16(level(x, 0xffff, 0.5)))
			}
		}
	case *image.NRGBA:
		get = func(i int) (color [3]float32) {
			for c := range color {
				color[c] = float32(img.Pix[4*i+c]) / 0xff
			}
			return color
		}
		set = func(i int, color [3]float32) {
			for c, x := range color {
				img.Pix[4*i+c] = uint8(level(x, 0xff, 0.5))
			}
		}
	}
	return get, set
}
