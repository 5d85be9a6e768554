package picture

import (
	"bytes"
	"image"
	"slices"
)

// jpegColors says how a file stores its colours, as libjpeg decides it.
type jpegColors struct {
	components int
	sampled    bool // a unit of pixels has several blocks of the first
	coarse     bool // the second and the third have a sample for several pixels
	luminous   bool // the first three are Y, Cb and Cr, not red, green and blue or inks
	marked     bool // as Adobe's
}

func jpegColorsOf(file []byte) (c jpegColors) {
	isJFIF, transform := false, byte(0)
	var names []byte
	for marker, body := range jpegSegments(file) {
		switch {
		case marker >= markerSOF0 && marker <= markerSOF2 && len(body) >= 15:
			c.components, c.sampled, c.coarse = int(body[5]), body[7] != 0x11, body[7] != body[10]
			names = []byte{body[6], body[9], body[12]}
		case marker == markerAPP14 && len(body) >= 12:
			c.marked, transform = true, body[11]
		case marker == markerAPP0 && bytes.HasPrefix(body, []byte("JFIF")):
			isJFIF = true
		}
	}
	c.luminous = transform != 0 || c.components == 3 && (isJFIF || !c.marked && string(names) != "RGB")
	return c
}

// raw has image/jpeg decode the components as they are. Otherwise it repeats coarse samples
// of red, green and blue or inks, converts YCCK by a formula that stretches contrast (see
// fromJFIF), and refuses inks without Adobe's mark.
func (c jpegColors) raw(file []byte) []byte {
	mark := jfifHeader // what it calls Y, Cb and Cr it leaves in planes
	switch scans, _, _ := jpegScans(file); {
	case c.components == 4 && (c.coarse || c.luminous || !c.marked) && len(scans) > 0:
		mark = []byte("\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00")
		return slices.Concat(file[:scans[0].at], mark, file[scans[0].at:]) // the last mark counts
	case c.components == 3 && c.coarse && !c.luminous:
		return slices.Concat(file[:2], mark, file[2:])
	}
	return file
}

// finish makes of what image/jpeg decoded what the file means.
func (c jpegColors) finish(img image.Image) image.Image {
	switch src := img.(type) {
	case *image.YCbCr:
		if !c.luminous {
			return fromPlanes(src, func(r, g, b uint8) (uint8, uint8, uint8) { return r, g, b })
		}
		return fromJFIF(src)
	case *image.CMYK:
		if c.coarse || c.luminous {
			c.fromInks(src)
		}
	}
	return img
}

// fromInks makes CMYK of components that image/jpeg has inverted, in place: of coarse ones
// as libjpeg does, and of Y, Cb, Cr and black if they are luminous.
func (c jpegColors) fromInks(img *image.CMYK) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	planes := image.NewYCbCr(img.Rect, image.YCbCrSubsampleRatio444)
	step := 1
	if c.coarse {
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
			if c.luminous { // red is what cyan leaves
				q[0], q[1], q[2] = jfifToRGB(255-q[0], second[x], third[x])
			} else {
				q[1], q[2] = 255-second[x], 255-third[x]
			}
		}
	}
}
