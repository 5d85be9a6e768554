package report

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(b)) }

func TestSSIM(t *testing.T) {
	const w, h = 17, 9
	random := rand.New(rand.NewPCG(1, 1))
	noise, dark, light, inverse := make([]float64, w*h), make([]float64, w*h), make([]float64, w*h), make([]float64, w*h)
	for i := range noise {
		noise[i], dark[i], light[i] = 255*random.Float64(), 50, 200
		inverse[i] = 255 - noise[i]
	}
	if got := ssim(noise, noise, w, h); !near(got, 1) {
		t.Errorf("a picture and itself: %g", got)
	}
	// Without structure only the means count.
	want := (2*50*200 + ssimC1) / (50*50 + 200*200 + ssimC1)
	if got := ssim(dark, light, w, h); !near(got, want) {
		t.Errorf("two flat pictures: %g, want %g", got, want)
	}
	if got := ssim(noise, inverse, w, h); got > -0.5 {
		t.Errorf("a picture and its negative: %g", got)
	}
	if a, b := ssim(noise, dark, w, h), ssim(dark, noise, w, h); !near(a, b) {
		t.Errorf("not symmetric: %g, %g", a, b)
	}
}

func TestFeatureDistanceForgetsLengths(t *testing.T) {
	tests := map[string]struct {
		a, b []float32 // [2][2]
		want float64
	}{
		"equal":            {[]float32{1, 2, 3, 4}, []float32{1, 2, 3, 4}, 0},
		"longer":           {[]float32{1, 2, 3, 4}, []float32{10, 2, 30, 4}, 0},
		"orthogonal":       {[]float32{1, 1, 0, 0}, []float32{0, 0, 5, 5}, 2},
		"one place of two": {[]float32{1, 1, 0, 0}, []float32{0, 7, 5, 0}, 1},
		"nothing there":    {[]float32{0, 0, 0, 0}, []float32{0, 0, 1, 1}, 1},
	}
	for name, test := range tests {
		if got := featureDistance(test.a, test.b, 2); math.Abs(got-test.want) > 1e-6 {
			t.Errorf("%s: %g, want %g", name, got, test.want)
		}
	}
}

func TestStyleDistanceIsRelativeToTheContent(t *testing.T) {
	gram := func(x float32) views { return views{grams: map[int][]float32{3: {x, 0, 0, x}}} }
	for _, test := range []struct{ at, content, style, want float64 }{{5, 9, 1, 0.5}, {1, 9, 1, 0}, {9, 9, 1, 1}, {17, 9, 1, 2}} {
		got := styleDistance(gram(float32(test.at)), gram(float32(test.content)), gram(float32(test.style)))[3]
		if !near(float64(got), test.want) {
			t.Errorf("%+v: %g", test, float64(got))
		}
	}
	if got := styleDistance(gram(1), gram(1), gram(1))[3]; !math.IsNaN(float64(got)) {
		t.Errorf("content and style alike: %g", float64(got))
	}
}

func TestColorDistanceIsHowFarLevelsMove(t *testing.T) {
	flat := func(c color.NRGBA, w int) image.Image {
		img := image.NewNRGBA(image.Rect(0, 0, w, 3))
		for i := range w * 3 {
			img.SetNRGBA(i%w, i/w, c)
		}
		return img
	}
	a, b := flat(color.NRGBA{10, 100, 200, 255}, 4), flat(color.NRGBA{20, 100, 180, 255}, 7)
	if got := colorDistance(a, b); math.Abs(got-10) > 1e-9 {
		t.Errorf("got %g, want the mean of 10, 0 and 20", got)
	}
	if got := colorDistance(a, a); got != 0 {
		t.Errorf("a picture and itself: %g", got)
	}
}
