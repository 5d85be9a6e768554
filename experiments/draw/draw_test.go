package main

import (
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strings"
	"testing"
)

const testWidth = 64

// The picture must not depend on how many cores share the work.
func TestSameBytesOnOneCoreAndOnMany(t *testing.T) {
	for _, d := range drawings {
		t.Run(d.name, func(t *testing.T) {
			many := pixels(d.draw(testWidth))
			defer goruntime.GOMAXPROCS(goruntime.GOMAXPROCS(1))
			if one := pixels(d.draw(testWidth)); !slices.Equal(one, many) {
				t.Errorf("%s: one core and many draw different pictures", d.name)
			}
		})
	}
}

func pixels(c *canvas) []uint8 { return c.image().(*image.NRGBA).Pix }

func TestSize(t *testing.T) {
	for name, height := range map[string]int{"zellige": testWidth, "waves": testWidth * 3 / 4, "fire": testWidth * 3 / 4} {
		d, err := choose(name)
		if err != nil {
			t.Fatal(err)
		}
		if c := d[0].draw(testWidth); c.w != testWidth || c.h != height {
			t.Errorf("%s is %dx%d, want %dx%d", name, c.w, c.h, testWidth, height)
		}
	}
}

// A style is its colours and its texture: both must be there. The spreads are standard deviations in 8-bit values; a
// plain grey wedge has 74 in light and 0 in hue.
func TestColoursSpread(t *testing.T) {
	for _, d := range drawings {
		t.Run(d.name, func(t *testing.T) {
			pix := pixels(d.draw(testWidth))
			var light, hue, step []float64
			for i := 0; i+7 < len(pix); i += 4 {
				r, g, b := float64(pix[i]), float64(pix[i+1]), float64(pix[i+2])
				light = append(light, (r+g+b)/3)
				hue = append(hue, r-b)
				step = append(step, g-float64(pix[i+5]))
			}
			for what, got := range map[string]float64{"light": deviation(light), "hue": deviation(hue), "texture": deviation(step)} {
				if got < 12 {
					t.Errorf("%s: spread of %s is %.1f, want at least 12", d.name, what, got)
				}
			}
		})
	}
}

func deviation(v []float64) float64 {
	var sum, squares float64
	for _, x := range v {
		sum += x
		squares += x * x
	}
	n := float64(len(v))
	return math.Sqrt(squares/n - sum/n*sum/n)
}

// One star and one cross tile the plane on a square grid, so their pieces must fill one square of it.
func TestStarAndCrossFillTheirSquare(t *testing.T) {
	const r = 50.0
	total := 0.0
	for _, p := range append(star(vec{}, r), cross(vec{}, r)...) {
		total += area(p.outline)
	}
	if want := 4 * r * r; math.Abs(total-want) > 1e-9*want {
		t.Errorf("pieces of a star and a cross cover %g, want %g", total, want)
	}
}

// area is the shoelace formula, without sign.
func area(outline []vec) float64 {
	sum := 0.0
	for i, p := range outline {
		sum += p.cross(outline[(i+1)%len(outline)])
	}
	return math.Abs(sum) / 2
}

func TestDepthInside(t *testing.T) {
	// An L: the square (0,0)-(4,4) without its corner (2,2)-(4,4).
	outline := []vec{{0, 0}, {4, 0}, {4, 2}, {2, 2}, {2, 4}, {0, 4}}
	tests := []struct {
		p    vec
		want float64
	}{
		{vec{1, 1}, 1},
		{vec{3, 1}, 1},
		{vec{3, 3}, -1},
		{vec{1.5, 1.5}, math.Hypot(0.5, 0.5)},
		{vec{-3, 0}, -3},
		{vec{5, 1}, -1},
	}
	for _, test := range tests {
		if got := depthInside(outline, test.p); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("depthInside(%v) = %g, want %g", test.p, got, test.want)
		}
	}
}

// Strokes follow the lines of the stream: a walk along one must stay on it.
func TestFollowStaysOnItsLevel(t *testing.T) {
	s := newPainter().stream
	for _, start := range []vec{{100, 100}, {400, 300}, {700, 200}} {
		level := s.level(start)
		for _, p := range s.follow(start, 120, 5, 1) {
			if off := math.Abs(s.level(p) - level); off > 0.5 {
				t.Errorf("from %v: at %v the level is off by %g", start, p, off)
			}
		}
	}
}

func TestRunWritesWhatWasAsked(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir, "fire", "png", 64); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "fire.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if want := image.Rect(0, 0, 64, 48); img.Bounds() != want {
		t.Errorf("fire.png: bounds %v, want %v", img.Bounds(), want)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files written, want 1", len(files))
	}
}

func TestRunRefuses(t *testing.T) {
	tests := []struct {
		out, only, format string
		width             int
		want              string
	}{
		{"", "", "jpg", 64, "--out"},
		{"x", "", "jpg", 31, "--width 31"},
		{"x", "", "jpg", 4097, "--width 4097"},
		{"x", "", "gif", 64, `--format "gif"`},
		{"x", "water", "jpg", 64, "zellige, waves, fire"},
		{filepath.Join("no", "such", "folder"), "fire", "jpg", 32, "no such file"},
	}
	for _, test := range tests {
		err := run(test.out, test.only, test.format, test.width)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("run(%q, %q, %q, %d) = %v, want an error with %q", test.out, test.only, test.format, test.width, err, test.want)
		}
	}
}
