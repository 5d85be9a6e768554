package measure

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/sbinet/npyio/npz"

	"zellige/match/matchtest"
	"zellige/runtime"
)

func TestNearestDistance(t *testing.T) {
	// Two channels each, a position a column. The style's mean is (1, 1).
	style := []float32{2, 0, 1, 1 /**/, 1, 1, 2, 0} // right, left, up, down of the mean
	tests := []struct {
		name string
		own  []float32
		want float64
	}{
		{"the style's own", []float32{1, 2 /**/, 0, 1}, 0},
		{"longer is as near", []float32{1, 5 /**/, -4, 1}, 0},
		{"between two", []float32{4 /**/, 4}, 1 - 0.70710678},
		{"the mean is like nothing", []float32{1 /**/, 1}, 1},
		{"the mean over positions", []float32{1, 2, 1 /**/, 1, 1, 1}, 2.0 / 3},
	}
	for _, tt := range tests {
		d, err := NearestDistance(context.Background(), matchtest.Brute{},
			runtime.Matrix{Channels: 2, Positions: len(tt.own) / 2, Values: tt.own},
			runtime.Matrix{Channels: 2, Positions: 4, Values: append([]float32(nil), style...)})
		if err != nil {
			t.Fatal(err)
		}
		near(t, tt.name, d, tt.want, 1e-7)
	}
	// With one style position, its mean is itself and nothing is alike.
	d, err := NearestDistance(context.Background(), matchtest.Brute{}, runtime.Matrix{Channels: 1, Positions: 1, Values: []float32{3}},
		runtime.Matrix{Channels: 1, Positions: 1, Values: []float32{2}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "one position", d, 1, 0)
}

// halves are features [2][16][20], of the first channel where first says so and of the
// second elsewhere.
func halves(first func(y, x int) bool) []float32 {
	values := make([]float32, 2*gridPlaces)
	for p := range gridPlaces {
		c := 1
		if first(p/gridWidth, p%gridWidth) {
			c = 0
		}
		values[c*gridPlaces+p] = 1
	}
	return values
}

func TestStructureDistance(t *testing.T) {
	left := halves(func(_, x int) bool { return x < 10 })
	tests := []struct {
		name string
		a, b []float32
		want float64
	}{
		{"the same", left, left, 0},
		{"the other way round", left, halves(func(_, x int) bool { return x >= 10 }), 0},
		// A place differs from 160 others in shares of 1/160, of which 80 are the same: 80 less, 80 more.
		{"left and right to top and bottom", left, halves(func(y, _ int) bool { return y < 8 }), 1},
		// Without any difference there are no shares, so what remains is those of the other: 1 each.
		{"nothing differs", left, halves(func(_, _ int) bool { return true }), 1},
	}
	for _, tt := range tests {
		d, err := StructureDistance(context.Background(), matchtest.Brute{}, tt.a, tt.b, 2, gridHeight, gridWidth)
		if err != nil {
			t.Fatal(err)
		}
		near(t, tt.name, d, tt.want, 1e-9)
	}
}

func TestShrink(t *testing.T) {
	tests := []struct {
		name          string
		in            []float32
		height, width int
		toHeight, to  int
		want          []float32
	}{
		{"as it is", []float32{1, 2, 3, 4}, 2, 2, 2, 2, []float32{1, 2, 3, 4}},
		// Weights 1/2-1/4-of-two: of 0..3 at distances .5 .5 1.5 of the middle 1, over a reach of 2.
		{"to the half", []float32{0, 7, 14, 21}, 1, 4, 1, 2, []float32{5, 16}},
		{"twice as wide", []float32{0, 4}, 1, 2, 1, 4, []float32{0, 1, 3, 4}},
		{"rows and planes", []float32{0, 4, 8, 8}, 2, 1, 4, 1, []float32{0, 1, 3, 4, 8, 8, 8, 8}},
	}
	for _, tt := range tests {
		got := shrink(tt.in, tt.height, tt.width, tt.toHeight, tt.to)
		if len(got) != len(tt.want) {
			t.Fatalf("%s: %v", tt.name, got)
		}
		for i, want := range tt.want {
			near(t, tt.name, float64(got[i]), float64(want), 1e-5)
		}
	}
}

// The golden numbers are PyTorch's (see testdata/golden/README.md).
func TestGoldenMeasures(t *testing.T) {
	file, err := npz.Open(filepath.Join("..", "testdata", "golden", "measures.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	const channels = 12
	features := func(name string) []float32 { return read[float32](t, file, name) }
	matrix := func(name string) runtime.Matrix {
		values := features(name)
		return runtime.Matrix{Channels: channels, Positions: len(values) / channels, Values: values}
	}
	check := func(name string) func(float64, error) {
		return func(got float64, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			near(t, name, got, read[float64](t, file, name)[0], 1e-6)
		}
	}
	ctx := context.Background()
	check("nearest")(NearestDistance(ctx, matchtest.Brute{}, matrix("own"), matrix("style")))
	check("structure")(StructureDistance(ctx, matchtest.Brute{}, features("own"), features("content"), channels, 23, 37))
	check("small.structure")(StructureDistance(ctx, matchtest.Brute{}, features("small.own"), features("small.content"), channels, 9, 13))
}

func read[T any](t *testing.T, file *npz.Reader, name string) (values []T) {
	t.Helper()
	if err := file.Read(name+".npy", &values); err != nil {
		t.Fatalf("golden %s: %v", name, err)
	}
	return values
}

func TestPictureMatches(t *testing.T) {
	ctx, img, other := context.Background(), gradientPicture(30, 20, 40), gradientPicture(25, 25, 200)
	for name, tt := range map[string]struct {
		network          Network
		styled, repaints bool // there is a style, a content
		nearest11        bool
	}{
		"all":                 {thirteenLayers, true, true, true},
		"no content":          {thirteenLayers, true, false, true},
		"no style":            {thirteenLayers, false, true, true},
		"eight layers":        {pixelNetwork{layers: 8}, true, true, false},
		"alone":               {thirteenLayers, false, false, true},
		"four layers are few": {pixelNetwork{layers: 4}, true, true, false},
	} {
		c := &comparison{network: tt.network, height: 20, width: 30, image: img}
		if tt.styled {
			c.style = img
		}
		if tt.repaints {
			c.content = img
		}
		var v Values
		if err := c.compareMatches(ctx, &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		five := tt.styled && tt.network.Info().CheckLayer(5, 20, 30) == nil
		if got := v.Nearest5 != nil; got != five {
			t.Errorf("%s: nearest at 5 is %v", name, v.Nearest5)
		}
		if got := v.Nearest11 != nil; got != (tt.nearest11 && tt.styled) {
			t.Errorf("%s: nearest at 11 is %v", name, v.Nearest11)
		}
		if got := v.Structure11 != nil; got != (tt.nearest11 && tt.repaints) {
			t.Errorf("%s: structure is %v", name, v.Structure11)
		}
		for what, d := range map[string]*float64{"nearest": v.Nearest5, "nearest at 11": v.Nearest11, "structure": v.Structure11} {
			if d != nil {
				near(t, name+": "+what+" of itself", *d, 0, 1e-6)
			}
		}
	}
	v, err := All(ctx, thirteenLayers, other, nil, img)
	if err != nil || v.Nearest5 == nil || *v.Nearest5 <= 0 || *v.Nearest5 != *v.Nearest11 {
		t.Errorf("another picture: %+v, %v", v, err)
	}
}
