package measure

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// painted returns a picture whose channels all show v.
func painted(height, width int, v func(y, x int) float32) Planes {
	p := Planes{height, width, make([]float32, 3*height*width)}
	for i := range p.Values {
		at := i % (height * width)
		p.Values[i] = v(at/width, at%width)
	}
	return p
}

func noise(height, width int, seed uint64) Planes {
	random := rand.New(rand.NewPCG(seed, 0))
	p := painted(height, width, func(int, int) float32 { return 0 })
	for i := range p.Values {
		p.Values[i] = random.Float32()
	}
	return p
}

func grey(v float32) Planes {
	return painted(20, 30, func(int, int) float32 { return v })
}

func checkerboard(y, x int) float32 { return float32((y + x) % 2) }

func stripes(_, x int) float32 { return float32(x % 2) }

func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %g, want %g", name, got, want)
	}
}

func TestCleanPictures(t *testing.T) {
	tests := []struct {
		name                  string
		picture               Planes
		variation, checker    float64
		variationTo, checkerT float64 // tolerances
	}{
		{"one colour", grey(0.3), 0, 0, 0, 0},
		{"checkerboard", painted(8, 9, checkerboard), 2, 1, 1e-12, 1e-12},
		{"stripes", painted(8, 9, stripes), 1, 0, 1e-12, 1e-12},
		{"ramp", painted(8, 9, func(y, x int) float32 { return float32(y+2*x) / 32 }), 3.0 / 32, 0, 1e-7, 1e-12},
		{"white noise", noise(200, 200, 1), 2.0 / 3, 0.5, 0.01, 0.01},
		{"one pixel", painted(1, 1, checkerboard), 0, 0, 0, 0},
	}
	for _, tt := range tests {
		near(t, tt.name+": total variation", tt.picture.TotalVariation(), tt.variation, tt.variationTo)
		near(t, tt.name+": checker", tt.picture.Checker(), tt.checker, tt.checkerT)
	}
}

func TestColorDistance(t *testing.T) {
	a := noise(30, 40, 1)
	near(t, "itself", ColorDistance(a, a), 0, 0)
	near(t, "black to white", ColorDistance(grey(0), grey(1)), 1, 1e-12)
	near(t, "two greys", ColorDistance(grey(51.0/255), grey(102.0/255)), 0.2, 1e-9)
	upsideDown := painted(30, 40, func(y, x int) float32 { return 0 })
	for i := range upsideDown.Values {
		upsideDown.Values[i] = a.Values[i-i%1200+1199-i%1200]
	}
	near(t, "the same turned by 180 degrees", ColorDistance(a, upsideDown), 0, 1e-12)
	near(t, "black and white to grey", ColorDistance(painted(4, 4, checkerboard), grey(0)), 0.5, 1e-12)
}

func TestSSIM(t *testing.T) {
	a, b := noise(40, 50, 1), noise(40, 50, 2)
	near(t, "itself", SSIM(a, a), 1, 1e-9)
	near(t, "other noise", SSIM(a, b), 0, 0.1)
	inverted := painted(40, 50, func(int, int) float32 { return 0 })
	for i := range inverted.Values {
		inverted.Values[i] = 1 - a.Values[i]
	}
	if s := SSIM(a, inverted); s > -0.8 {
		t.Errorf("the negative has %g, want about -1", s)
	}
	// Two flat pictures differ by the luminance term alone.
	const c1 = 0.01 * 0.01
	near(t, "flat", SSIM(grey(0.2), grey(0.4)), (2*0.2*0.4+c1)/(0.04+0.16+c1), 1e-6)
	near(t, "smaller than the window", SSIM(noise(3, 2, 1), noise(3, 2, 1)), 1, 1e-9)
}

func TestStyleDistance(t *testing.T) {
	content, style := []float32{4, 0, 0, 2}, []float32{1, 0, 0, 6}
	near(t, "content", StyleDistance(content, content, style), 1, 0)
	near(t, "style", StyleDistance(style, content, style), 0, 0)
	near(t, "half way", StyleDistance([]float32{2.5, 0, 0, 4}, content, style), 0.5, 1e-7)
	near(t, "no difference to begin with", StyleDistance(style, style, style), 0, 0)
}

func TestContentDistance(t *testing.T) {
	// Two channels, three positions.
	a := []float32{1, 0, 3, 0, 2, 4}
	near(t, "itself", ContentDistance(a, a, 2), 0, 1e-12)
	longer := []float32{2, 0, 30, 0, 4, 40}
	near(t, "length does not count", ContentDistance(a, longer, 2), 0, 1e-12)
	near(t, "orthogonal", ContentDistance([]float32{1, 0}, []float32{0, 7}, 2), 2, 1e-12)
	near(t, "opposite", ContentDistance([]float32{1, 1}, []float32{-1, -1}, 2), 4, 1e-12)
	near(t, "nothing against something", ContentDistance([]float32{0, 0}, []float32{3, 4}, 2), 1, 1e-12)
	near(t, "nothing against nothing", ContentDistance([]float32{0, 0}, []float32{0, 0}, 2), 0, 0)
}

func TestFromImage(t *testing.T) {
	img := image.NewNRGBA(image.Rect(3, 5, 5, 6)) // bounds that do not begin at 0
	img.Set(3, 5, color.NRGBA{255, 0, 51, 255})
	img.Set(4, 5, color.NRGBA{0, 102, 0, 255})
	got := FromImage(img)
	want := []float32{1, 0, 0, 0.4, 0.2, 0}
	if got.Height != 1 || got.Width != 2 {
		t.Fatalf("%dx%d, want 2x1", got.Width, got.Height)
	}
	for i := range want {
		near(t, "value", float64(got.Values[i]), float64(want[i]), 1e-7)
	}
}

func TestDetail(t *testing.T) {
	content := noise(60, 80, 1)
	half := painted(60, 80, func(int, int) float32 { return 0 })
	for i, v := range content.Values {
		half.Values[i] = 0.25 + v/2
	}
	near(t, "the content itself", Detail(content, content), 1, 1e-9)
	near(t, "half the contrast", Detail(half, content), 0.5, 1e-6)
	near(t, "other edges", Detail(noise(60, 80, 2), content), 0, 0.03)
	if got := Detail(content, painted(60, 80, func(int, int) float32 { return 0.5 })); number(got) != nil {
		t.Errorf("of no edges there is the share %g", got)
	}
}
