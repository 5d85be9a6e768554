package picture

import (
	"encoding/binary"
	"image"

	"github.com/nfnt/resize"
)

// alphaOf returns the opacity of img, 0 to 65535, or nil if it is opaque all over.
func alphaOf(img image.Image) *image.Alpha16 {
	if opaque, ok := img.(interface{ Opaque() bool }); !ok || opaque.Opaque() {
		return nil
	}
	b := img.Bounds()
	alpha := image.NewAlpha16(image.Rect(0, 0, b.Dx(), b.Dy()))
	at := opacityAt(img)
	for y := range b.Dy() {
		row := alpha.Pix[y*alpha.Stride:]
		for x := range b.Dx() {
			binary.BigEndian.PutUint16(row[2*x:], at(b.Min.X+x, b.Min.Y+y))
		}
	}
	return alpha
}

// opacityAt has ways of its own where Go's are slow or, for indices beyond a
// palette, panic.
func opacityAt(img image.Image) func(x, y int) uint16 {
	switch src := img.(type) {
	case *image.NRGBA:
		return func(x, y int) uint16 { return 257 * uint16(src.Pix[src.PixOffset(x, y)+3]) }
	case *image.Paletted:
		var table [256]uint16
		for i := range table {
			table[i] = 0xffff
			if i < len(src.Palette) {
				_, _, _, a := src.Palette[i].RGBA()
				table[i] = uint16(a)
			}
		}
		return func(x, y int) uint16 { return table[src.ColorIndexAt(x, y)] }
	}
	return func(x, y int) uint16 {
		_, _, _, a := img.At(x, y).RGBA()
		return uint16(a)
	}
}

// OnBlack is Image with black where the file is transparent, not white: a mask
// says what it is of by what is there.
func (f *File) OnBlack() image.Image {
	if f.Alpha == nil {
		return f.Image
	}
	dst := clone(f.Image)
	for i := range len(f.Alpha.Pix) / 2 {
		white := 0xffff - binary.BigEndian.Uint16(f.Alpha.Pix[2*i:]) // how much of it shines through
		switch dst := dst.(type) {
		case *image.NRGBA:
			for c := range 3 {
				dst.Pix[4*i+c] -= min(dst.Pix[4*i+c], uint8((uint32(white)+128)/257))
			}
		case *image.NRGBA64:
			for c := 8 * i; c < 8*i+6; c += 2 {
				v := binary.BigEndian.Uint16(dst.Pix[c:])
				binary.BigEndian.PutUint16(dst.Pix[c:], v-min(v, white))
			}
		}
	}
	return dst
}

// WithAlpha returns a copy of img that is as opaque as alpha says, for [Write].
// Alpha is resized to img by the filter of [Resize]; nil leaves img opaque. The
// colours of img do not change. Below what [ReadFile] found transparent they are
// those of white, or of what was painted there in its place.
func WithAlpha(img image.Image, alpha *image.Alpha16) image.Image {
	dst := clone(flatten(img))
	if alpha == nil {
		return dst
	}
	b := dst.Bounds()
	fitted := resizeAlpha(alpha, b.Dx(), b.Dy())
	switch dst := dst.(type) {
	case *image.NRGBA:
		for i := range len(dst.Pix) / 4 {
			dst.Pix[4*i+3] = uint8((uint32(binary.BigEndian.Uint16(fitted.Pix[2*i:])) + 128) / 257)
		}
	case *image.NRGBA64:
		for i := range len(dst.Pix) / 8 {
			copy(dst.Pix[8*i+6:8*i+8], fitted.Pix[2*i:])
		}
	}
	return dst
}

// resizeAlpha returns a dense plane of w x h.
func resizeAlpha(alpha *image.Alpha16, w, h int) *image.Gray16 {
	plane := &image.Gray16{Pix: alpha.Pix, Stride: alpha.Stride, Rect: alpha.Rect}
	if alpha.Rect.Dx() == w && alpha.Rect.Dy() == h {
		return plane
	}
	return resize.Resize(uint(w), uint(h), plane, resize.Bilinear).(*image.Gray16)
}
