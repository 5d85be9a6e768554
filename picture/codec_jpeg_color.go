package picture

import "image"

// fromJFIF converts the planes of a JPEG to RGB the way libjpeg does, and with
// it Pillow, OpenCV and browsers: JFIF's formula in 16-bit fixed point, rounded,
// after interpolating the subsampled chroma ("fancy upsampling").
//
// Go's own color.YCbCr.RGBA stretches contrast by about 1/255 and repeats the
// chroma samples; together that moves the total variation of a photograph by
// up to 6 %.
func fromJFIF(src *image.YCbCr) *image.NRGBA {
	return fromPlanes(src, jfifToRGB)
}

// fromPlanes converts row by row through rgb.
func fromPlanes(src *image.YCbCr, rgb func(y, cb, cr uint8) (r, g, b uint8)) *image.NRGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	chroma := newUpsampler(src)
	for y := range h {
		cb, cr := chroma.row(y)
		luma := src.Y[src.YOffset(src.Rect.Min.X, src.Rect.Min.Y+y):][:w]
		to := dst.Pix[y*dst.Stride:]
		for x, v := range luma {
			q := to[4*x : 4*x+4 : 4*x+4]
			q[0], q[1], q[2] = rgb(v, cb[x], cr[x])
			q[3] = 255
		}
	}
	return dst
}

// jfifToRGB is the inverse of the JFIF 1.02 colour transform with the fixed-point
// constants and the rounding of libjpeg's jdcolor.c.
func jfifToRGB(y, cb, cr uint8) (r, g, b uint8) {
	const half = 1 << 15
	l, u, v := int32(y), int32(cb)-128, int32(cr)-128
	return clampByte(l + (91881*v+half)>>16),
		clampByte(l + (-22554*u-46802*v+half)>>16),
		clampByte(l + (116130*u+half)>>16)
}

func clampByte(v int32) uint8 {
	return uint8(min(max(v, 0), 255))
}
