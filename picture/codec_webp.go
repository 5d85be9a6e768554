package picture

import (
	"image"
	"io"

	"golang.org/x/image/webp"
)

// decodeWebP decodes lossless and lossy files. Lossy ones hold BT.601 video
// colours (luma 16 to 235), which golang.org/x/image/webp hands on as if they
// were JFIF's full range, so they are converted here.
func decodeWebP(r io.Reader) (image.Image, error) {
	img, err := webp.Decode(r)
	if err != nil {
		return nil, err
	}
	switch planes := img.(type) {
	case *image.YCbCr:
		return fromPlanes(planes, videoToRGB), nil
	case *image.NYCbCrA:
		return withAlpha(fromPlanes(&planes.YCbCr, videoToRGB), planes), nil
	}
	return img, nil
}

// videoToRGB follows libwebp's fixed-point BT.601 conversion (src/dsp/yuv.h).
func videoToRGB(y, cb, cr uint8) (r, g, b uint8) {
	scale := func(v uint8, by int32) int32 { return int32(v) * by >> 8 }
	luma := scale(y, 19077)
	return clampByte((luma + scale(cr, 26149) - 14234) >> 6),
		clampByte((luma - scale(cb, 6419) - scale(cr, 13320) + 8708) >> 6),
		clampByte((luma + scale(cb, 33050) - 17685) >> 6)
}

func withAlpha(dst *image.NRGBA, src *image.NYCbCrA) *image.NRGBA {
	for y := range dst.Rect.Dy() {
		row := dst.Pix[y*dst.Stride:]
		for x, a := range src.A[y*src.AStride:][:dst.Rect.Dx()] {
			row[4*x+3] = a
		}
	}
	return dst
}
