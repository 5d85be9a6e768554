package picture

import (
	"bytes"
	"image"
)

const markerAPP14 = 0xee // Adobe's: what the components are

// inks says how a file of four components stores them.
type inks struct {
	fourth    bool // there are four
	coarse    bool // the second and the third have a sample for two pixels each way
	transform *byte
}

func jpegInks(file []byte) (k inks) {
	for marker, body := range jpegSegments(file) {
		switch {
		case marker >= markerSOF0 && marker <= markerSOF2 && len(body) >= 18:
			k.fourth, k.coarse = body[5] == 4, body[7] != body[10]
		case marker == markerAPP14 && len(body) >= 12:
			k.transform = &body[11]
		}
	}
	return k
}

// rawInks has image/jpeg decode the components as they are: it repeats coarse samples, and
// converts YCCK by a formula that stretches contrast (see fromJFIF). It tells what is to be
// done with the picture.
func rawInks(file []byte) (raw []byte, finish func(image.Image) image.Image) {
	k := jpegInks(file)
	if !k.fourth || k.transform == nil || *k.transform == 0 && !k.coarse {
		return file, func(img image.Image) image.Image { return img }
	}
	luminous := *k.transform != 0
	raw = bytes.Clone(file)
	*jpegInks(raw).transform = 0
	return raw, func(img image.Image) image.Image {
		if src, ok := img.(*image.CMYK); ok {
			fromInks(src, k.coarse, luminous)
		}
		return img
	}
}

// fromInks makes CMYK of components that image/jpeg has inverted, in place: of coarse ones
// as libjpeg does, and of Y, Cb, Cr and black if they are luminous.
func fromInks(img *image.CMYK, coarse, luminous bool) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	planes := image.NewYCbCr(img.Rect, image.YCbCrSubsampleRatio444)
	step := 1
	if coarse {
		planes, step = image.NewYCbCr(img.Rect, image.YCbCrSubsampleRatio420), 2
	}
	for y := 0; y < h; y += step {
		for x := 0; x < w; x += step {
			to, q := y/step*planes.CStride+x/step, img.Pix[y*img.Stride+4*x:]
			planes.Cb[to], planes.Cr[to] = 255-q[1], 255-q[2]
		}
	}
	chroma := newUpsampler(planes)
	for y := range h {
		second, third := chroma.row(y)
		for x := range w {
			q := img.Pix[y*img.Stride+4*x:][:4]
			if luminous { // red is what cyan leaves
				q[0], q[1], q[2] = jfifToRGB(255-q[0], second[x], third[x])
			} else {
				q[1], q[2] = 255-second[x], 255-third[x]
			}
		}
	}
}
