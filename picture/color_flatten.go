package picture

import (
	"image"
	"image/color"
	"image/draw"
)

// flatten returns img as an opaque picture that begins at (0, 0) and shares no
// gaps between its rows: *image.NRGBA for sources of 8 bits per channel,
// *image.NRGBA64 for 16 bits. What is transparent shows white. An image that
// is already so is returned itself.
func flatten(img image.Image) image.Image {
	switch src := img.(type) {
	case *image.NRGBA:
		if isDense(src.Rect, src.Stride, 4) && src.Opaque() {
			return src
		}
		return flattenBytes(src.Rect, src.Pix, src.Stride, blend)
	case *image.RGBA:
		return flattenBytes(src.Rect, src.Pix, src.Stride, blendPremultiplied)
	case *image.CMYK:
		return flattenBytes(src.Rect, src.Pix, src.Stride, color.CMYKToRGB)
	case *image.Gray:
		return flattenGray(src)
	case *image.Paletted:
		return flattenPaletted(src)
	case *image.NRGBA64:
		if isDense(src.Rect, src.Stride, 8) && src.Opaque() {
			return src
		}
	case *image.YCbCr:
		return fromJFIF(src)
	}
	return flattenDeep(img)
}

func isDense(r image.Rectangle, stride, bytesPerPixel int) bool {
	return r.Min == image.Point{} && stride == r.Dx()*bytesPerPixel
}

// newLike returns an opaque black picture of img's depth.
func newLike(img image.Image, w, h int) image.Image {
	r := image.Rect(0, 0, w, h)
	if _, deep := img.(*image.NRGBA64); deep {
		return image.NewNRGBA64(r)
	}
	return image.NewNRGBA(r)
}

// flattenBytes converts pixels of four bytes each by rgb.
func flattenBytes(r image.Rectangle, pix []byte, stride int, rgb func(a, b, c, d uint8) (red, green, blue uint8)) *image.NRGBA {
	dst := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for y := range r.Dy() {
		from, to := pix[y*stride:], dst.Pix[y*dst.Stride:]
		for i := 0; i < 4*r.Dx(); i += 4 {
			p, q := from[i:i+4:i+4], to[i:i+4:i+4]
			q[0], q[1], q[2] = rgb(p[0], p[1], p[2], p[3])
			q[3] = 255
		}
	}
	return dst
}

// blend puts a colour of opacity a on white, rounding to nearest.
func blend(r, g, b, a uint8) (uint8, uint8, uint8) {
	if a == 255 {
		return r, g, b
	}
	white := 255*(255-uint32(a)) + 127
	over := func(c uint8) uint8 { return uint8((uint32(c)*uint32(a) + white) / 255) }
	return over(r), over(g), over(b)
}

// blendPremultiplied is blend for colours already multiplied by their opacity.
// A file may hold colours larger than their opacity, which count as white.
func blendPremultiplied(r, g, b, a uint8) (uint8, uint8, uint8) {
	over := func(c uint8) uint8 { return uint8(min(uint32(c)+255-uint32(a), 255)) }
	return over(r), over(g), over(b)
}

func flattenGray(src *image.Gray) *image.NRGBA {
	r := src.Rect
	dst := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for y := range r.Dy() {
		to := dst.Pix[y*dst.Stride:]
		for x, v := range src.Pix[y*src.Stride:][:r.Dx()] {
			q := to[4*x : 4*x+4 : 4*x+4]
			q[0], q[1], q[2], q[3] = v, v, v, 255
		}
	}
	return dst
}

// flattenPaletted shows indices beyond the palette as black, as browsers do;
// Go's own At would panic.
func flattenPaletted(src *image.Paletted) *image.NRGBA {
	var table [256][3]uint8
	for i, c := range src.Palette[:min(len(src.Palette), 256)] {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		table[i][0], table[i][1], table[i][2] = blend(n.R, n.G, n.B, n.A)
	}
	r := src.Rect
	dst := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for y := range r.Dy() {
		to := dst.Pix[y*dst.Stride:]
		for x, index := range src.Pix[y*src.Stride:][:r.Dx()] {
			q, rgb := to[4*x:4*x+4:4*x+4], &table[index]
			q[0], q[1], q[2], q[3] = rgb[0], rgb[1], rgb[2], 255
		}
	}
	return dst
}

// flattenDeep converts 16-bit images, and any other kind that a caller may
// hand in, at 16 bits per channel.
func flattenDeep(img image.Image) *image.NRGBA64 {
	b := img.Bounds()
	canvas := image.NewRGBA64(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(canvas, canvas.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(canvas, canvas.Rect, img, b.Min, draw.Over)
	// Opaque, so premultiplied and plain colours are the same bytes.
	return &image.NRGBA64{Pix: canvas.Pix, Stride: canvas.Stride, Rect: canvas.Rect}
}
