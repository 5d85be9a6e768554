package picture

import (
	"encoding/binary"
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
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	eachLevel(t, w*h, mean, std, r, math.MaxUint8, func(i, c int, level float32) {
		dst.Pix[4*i+c] = uint8(level)
	})
	for i := 3; i < len(dst.Pix); i += 4 {
		dst.Pix[i] = 0xff
	}
	return dst
}

// FromTensor16 is [FromTensor] with 16 bits per channel.
func FromTensor16(t []float32, w, h int, mean, std [3]float32, r Range) *image.NRGBA64 {
	dst := image.NewNRGBA64(image.Rect(0, 0, w, h))
	eachLevel(t, w*h, mean, std, r, math.MaxUint16, func(i, c int, level float32) {
		binary.BigEndian.PutUint16(dst.Pix[8*i+2*c:], uint16(level))
	})
	for i := 6; i < len(dst.Pix); i += 8 {
		dst.Pix[i], dst.Pix[i+1] = 0xff, 0xff
	}
	return dst
}

// eachLevel calls set with every value of t, [3][n], as a level of 0 to top to
// be cut off to a whole number, for pixel i and channel c.
func eachLevel(t []float32, n int, mean, std [3]float32, r Range, top float32, set func(i, c int, level float32)) {
	if len(t) != 3*n {
		panic("picture: tensor does not have 3*w*h values")
	}
	low, high, round := float32(0), float32(1), float32(0.5)
	if r == Stretch {
		low, high, round = stretchRange(t, n, mean, std)
	}
	for c := range 3 {
		for i, v := range t[c*n:][:n] {
			set(i, c, level((v*std[c]+mean[c]-low)/(high-low), top, round))
		}
	}
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

func level(x, top, round float32) float32 {
	switch {
	case x >= 1:
		return top
	case x > 0:
		return x*top + round
	}
	return 0 // also for NaN
}
