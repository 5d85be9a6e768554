package picture

import (
	"image"
	"math"
)

// Range says how [FromTensor] brings values into what a picture can show.
type Range int

const (
	// Clip cuts off what lies outside [0,1] and rounds to the nearest level.
	Clip Range = iota
	// Stretch maps the smallest value of the whole tensor to 0 and the largest
	// to 1, one pair for all channels, and rounds down to a level. So does the
	// reference notebook (Stanford CS231n, assignment 3, "Style Transfer": a
	// min-max rescale followed by torchvision's ToPILImage).
	Stretch
)

// ToTensor returns img as [3][h*w], each value (x/255 - mean)/std with x in
// 0..255 (16-bit pictures keep their precision). Transparent parts show white.
func ToTensor(img image.Image, mean, std [3]float32) []float32 {
	switch src := flatten(img).(type) {
	case *image.NRGBA:
		return tensorFrom8(src, mean, std)
	case *image.NRGBA64:
		return tensorFrom16(src, mean, std)
	}
	panic("picture: flatten returned another type")
}

func tensorFrom8(src *image.NRGBA, mean, std [3]float32) []float32 {
	n := src.Rect.Dx() * src.Rect.Dy()
	t := make([]float32, 3*n)
	for c := range 3 {
		var levels [256]float32
		for x := range levels {
			levels[x] = (float32(x)/255 - mean[c]) / std[c]
		}
		plane := t[c*n:][:n]
		for i := range plane {
			plane[i] = levels[src.Pix[4*i+c]]
		}
	}
	return t
}

func tensorFrom16(src *image.NRGBA64, mean, std [3]float32) []float32 {
	n := src.Rect.Dx() * src.Rect.Dy()
	t := make([]float32, 3*n)
	for c := range 3 {
		plane := t[c*n:][:n]
		for i := range plane {
			at := 8*i + 2*c
			x := uint16(src.Pix[at])<<8 | uint16(src.Pix[at+1])
			plane[i] = (float32(x)/65535 - mean[c]) / std[c]
		}
	}
	return t
}

// FromTensor is the way back: t is [3][h*w], the picture shows t*std + mean,
// brought into [0,1] as r says. Values that are no numbers come out black.
// It panics if t does not hold 3*w*h values.
func FromTensor(t []float32, w, h int, mean, std [3]float32, r Range) *image.NRGBA {
	n := w * h
	if len(t) != 3*n {
		panic("picture: tensor does not have 3*w*h values")
	}
	low, high, round := float32(0), float32(1), float32(0.5)
	if r == Stretch {
		low, high, round = stretchRange(t, n, mean, std)
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	for c := range 3 {
		for i, v := range t[c*n:][:n] {
			dst.Pix[4*i+c] = level((v*std[c]+mean[c]-low)/(high-low), round)
		}
	}
	for i := range n {
		dst.Pix[4*i+3] = 255
	}
	return dst
}

// stretchRange returns the smallest and largest finite value of t*std + mean.
// A flat picture has nothing to stretch and falls back to Clip.
func stretchRange(t []float32, n int, mean, std [3]float32) (low, high, round float32) {
	low, high = math.MaxFloat32, -math.MaxFloat32
	for c := range 3 {
		for _, v := range t[c*n:][:n] {
			if x := v*std[c] + mean[c]; x >= -math.MaxFloat32 && x <= math.MaxFloat32 {
				low, high = min(low, x), max(high, x)
			}
		}
	}
	if high <= low {
		return 0, 1, 0.5
	}
	return low, high, 0
}

func level(x, round float32) uint8 {
	switch {
	case x >= 1:
		return 255
	case x > 0:
		return uint8(x*255 + round)
	}
	return 0 // also for NaN
}
