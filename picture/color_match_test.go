package picture

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// tinted returns [3][n] colours with correlated channels.
func tinted(n int, seed uint64, offset float64) []float32 {
	random := rand.New(rand.NewPCG(seed, 0))
	values := make([]float32, 3*n)
	for i := range n {
		grey := random.NormFloat64()
		for c := range 3 {
			values[c*n+i] = float32(offset*float64(c) + grey + 0.3*float64(c+1)*random.NormFloat64())
		}
	}
	return values
}

func TestMatchColorsReachesTheMoments(t *testing.T) {
	values, target := tinted(500, 1, 0.2), tinted(300, 2, -0.7)
	got, want := momentsOf(MatchColors(values, target, 1)), momentsOf(target)
	for c := range 3 {
		if math.Abs(got.mean[c]-want.mean[c]) > 1e-5 {
			t.Errorf("mean %v, want %v", got.mean, want.mean)
		}
		for d := range 3 {
			if math.Abs(got.covariance[c][d]-want.covariance[c][d]) > 5e-3 {
				t.Errorf("covariance %v, want %v", got.covariance, want.covariance)
			}
		}
	}
}

func TestMatchColorsByAmount(t *testing.T) {
	values, target := tinted(50, 1, 0.2), tinted(50, 2, -0.7)
	if got := MatchColors(values, target, 0); !slices.Equal(got, values) {
		t.Error("amount 0 changes colours")
	}
	same := MatchColors(values, values, 1)
	none, all, half := values, MatchColors(values, target, 1), MatchColors(values, target, 0.5)
	for i := range values {
		if math.Abs(float64(same[i]-values[i])) > 1e-4 {
			t.Fatalf("matched to itself: %g, want %g", same[i], values[i])
		}
		if want := (none[i] + all[i]) / 2; math.Abs(float64(half[i]-want)) > 1e-5 {
			t.Fatalf("half way: %g, want %g", half[i], want)
		}
	}
}

func TestMatchColorsOfOneColour(t *testing.T) {
	flat := make([]float32, 3*20)
	for _, pair := range [][2][]float32{{flat, tinted(20, 1, 0.5)}, {tinted(20, 1, 0.5), flat}, {flat, flat}} {
		for _, v := range MatchColors(pair[0], pair[1], 1) {
			if math.IsNaN(float64(v)) || math.Abs(float64(v)) > 1e3 {
				t.Fatalf("value %g", v)
			}
		}
	}
}

func TestKeepColors(t *testing.T) {
	painted, original := image.NewNRGBA(image.Rect(0, 0, 8, 6)), image.NewNRGBA(image.Rect(0, 0, 16, 12))
	for i := range original.Pix {
		original.Pix[i] = []byte{200, 60, 40, 255}[i%4]
	}
	for i := range painted.Pix {
		painted.Pix[i] = []byte{90, 90, 90, 255}[i%4]
	}
	got := color.YCbCrModel.Convert(KeepColors(painted, original).At(3, 3)).(color.YCbCr)
	want := color.YCbCrModel.Convert(original.At(3, 3)).(color.YCbCr)
	if math.Abs(float64(got.Y)-90) > 1 || math.Abs(float64(got.Cb)-float64(want.Cb)) > 2 || math.Abs(float64(got.Cr)-float64(want.Cr)) > 2 {
		t.Errorf("%v, want luma 90 and the chroma of %v", got, want)
	}
}

// The sixteen bits of a deep picture are used: a step of less than one of 255
// levels of luma is still there.
func TestKeepColorsOfDeepPictures(t *testing.T) {
	painted, original := image.NewNRGBA64(image.Rect(0, 0, 2, 1)), image.NewNRGBA(image.Rect(0, 0, 2, 1))
	for x, grey := range []uint16{30000, 30050} {
		painted.SetNRGBA64(x, 0, color.NRGBA64{grey, grey, grey, 0xffff})
		original.SetNRGBA(x, 0, color.NRGBA{120, 100, 90, 255})
	}
	deep := KeepColors(painted, original).(*image.NRGBA64)
	a, b := deep.NRGBA64At(0, 0), deep.NRGBA64At(1, 0)
	if b.R-a.R != 50 || b.G-a.G != 50 || a.R-a.B != 30*257 || a.A != 0xffff {
		t.Errorf("%v and %v, want 50 levels between them and 30 of 255 between red and blue", a, b)
	}
}

func TestKeepColorsStaysInRange(t *testing.T) {
	painted, original := image.NewNRGBA(image.Rect(0, 0, 1, 1)), image.NewNRGBA(image.Rect(0, 0, 1, 1))
	painted.SetNRGBA(0, 0, color.NRGBA{255, 255, 255, 255})
	original.SetNRGBA(0, 0, color.NRGBA{255, 0, 0, 255})
	if got := KeepColors(painted, original).At(0, 0).(color.NRGBA); got.R != 255 || got.G <= 100 || got.A != 255 {
		t.Errorf("%v, want a light red", got)
	}
}
