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
	src := flatten(img)
	t := make([]float32, 3*src.Bounds().Dx()*src.Bounds().Dy())
	PartToTensor(t, src, src.Bounds(), mean, std)
	return t
}

// PartToTensor is ToTensor of the part of img in r, which must lie in it, written
// to t, [3][h*w]. It allocates nothing, and so takes only what [Resize] returns,
// opaque *image.NRGBA and *image.NRGBA64; it panics for others.
func PartToTensor(t []float32, img image.Image, r image.Rectangle, mean, std [3]float32) {
	for c := range 3 {
		plane := t[c*r.Dx()*r.Dy():][:r.Dx()*r.Dy()]
		switch src := img.(type) {
		case *image.NRGBA:
			planeFrom8(plane, src, r, c, mean[c], std[c])
		case *image.NRGBA64:
			planeFrom16(plane, src, r, c, mean[c], std[c])
		default:
			panic("picture: part of a picture that Resize did not return")
		}
	}
}

// planeFrom8 fills plane, [h*w], with channel c.
func planeFrom8(plane []float32, src *image.NRGBA, r image.Rectangle, c int, mean, std float32) {
	var levels [256]float32
	for x := range levels {
		levels[x] = (float32(x)/255 - mean) / std
	}
	for y := range r.Dy() {
		row := src.Pix[src.PixOffset(r.Min.X, r.Min.Y+y)+c:]
		for x := range r.Dx() {
			plane[y*r.Dx()+x] = levels[row[4*x]]
		}
	}
}

func planeFrom16(plane []float32, src *image.NRGBA64, r image.Rectangle, c int, mean, std float32) {
	for y := range r.Dy() {
		row := src.Pix[src.PixOffset(r.Min.X, r.Min.Y+y)+2*c:]
		for x := range r.Dx() {
			level := uint16(row[8*x])<<8 | uint16(row[8*x+1])
			plane[y*r.Dx()+x] = (float32(level)/65535 - mean) / std
		}
	}
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
