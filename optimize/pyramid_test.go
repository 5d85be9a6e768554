package optimize

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func random(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 0))
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(r.NormFloat64())
	}
	return values
}

// TestPyramidGradientIsTheTranspose checks that the levels' gradient is that of
// the sum of enlarged levels: <synthesis(m), g> = <m, analysis(g)>.
func TestPyramidGradientIsTheTranspose(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 5}, {2, 2}, {7, 9}, {16, 33}, {70, 130}} {
		h, w := size[0], size[1]
		p := NewPyramid(h, w, 4)
		gradient := random(3*h*w, 1)
		p.analyse(gradient)
		moves := random(len(p.moves), 2)
		copy(p.moves, moves)
		want := dot(nil, moves, p.gradients, [2]float32{})
		pixels := make([]float32, 3*h*w)
		p.synthesise(pixels)
		if got := dot(nil, pixels, gradient, [2]float32{}); math.Abs(got-want) > 1e-4*(1+math.Abs(want)) {
			t.Errorf("%dx%d: %g, want %g", w, h, got, want)
		}
	}
}

func TestPyramidInterpolatesLinearly(t *testing.T) {
	fine, coarse := make([]float32, 8), []float32{0, 4, 8, 12}
	repeat(fine, 8, coarse, 4)
	smooth(fine, 8, linear)
	if want := []float32{0, 1, 3, 5, 7, 9, 11, 12}; !slices.Equal(fine, want) {
		t.Errorf("%v, want %v", fine, want)
	}
}

func TestPyramidMovesLargeAreasFaster(t *testing.T) {
	const h, w, levels, rate = 32, 48, 4, 0.1
	pixels, gradient := make([]float32, 3*h*w), make([]float32, 3*h*w)
	for i := range gradient {
		gradient[i] = 5
	}
	NewPyramid(h, w, levels).Step(pixels, gradient, 0, rate)
	for i, v := range pixels {
		if math.Abs(float64(v)+levels*rate) > 1e-5 {
			t.Fatalf("pixel %d moved by %g, want %g", i, v, -levels*rate)
		}
	}
}

func TestPyramidMovesTheCheckerboardByOneLevel(t *testing.T) {
	const h, w, levels, rate = 32, 48, 4, 0.1
	pixels, gradient := make([]float32, 3*h*w), make([]float32, 3*h*w)
	for i := range gradient {
		gradient[i] = float32(1 - 2*((i/w+i)%2))
	}
	NewPyramid(h, w, levels).Step(pixels, gradient, 0, rate)
	if middle := pixels[h/2*w+w/2]; math.Abs(float64(middle)+rate) > 1e-5 {
		t.Errorf("moved by %g, want %g, a quarter of what a large area moves by", middle, -rate)
	}
}

func TestPyramidStopsAtOnePixel(t *testing.T) {
	if n := len(NewPyramid(3, 5, 100).all); n != 4 { // 5, 3, 2, 1 columns
		t.Errorf("%d levels, want 4", n)
	}
}

func TestScheduleFalls(t *testing.T) {
	s := Schedule{Rate: 0.5, FinalRate: 0.1}
	var rates []float64
	for i := range 11 {
		rates = append(rates, s.RateAt(i, 10))
	}
	if rates[0] != 0.5 || math.Abs(rates[5]-0.3) > 1e-12 || math.Abs(rates[10]-0.1) > 1e-12 || !slices.IsSortedFunc(rates, func(a, b float64) int { return int(math.Copysign(1, b-a)) }) {
		t.Errorf("rates %v", rates)
	}
}

func TestPyramidAllocatesNothing(t *testing.T) {
	pixels, gradient := random(3*40*50, 1), random(3*40*50, 2)
	p := NewPyramid(40, 50, 4)
	p.Step(pixels, gradient, 0, 0.1)
	if n := testing.AllocsPerRun(20, func() { p.Step(pixels, gradient, 0, 0.1) }); n != 0 {
		t.Errorf("%g allocations per step", n)
	}
}

func BenchmarkPyramid(b *testing.B) {
	for _, size := range [][2]int{{193, 289}, {513, 769}} {
		h, w := size[0], size[1]
		b.Run(fmt.Sprintf("size=%dx%d", w, h), func(b *testing.B) {
			pixels, gradient := random(3*h*w, 1), random(3*h*w, 2)
			p := NewPyramid(h, w, 4)
			b.ReportAllocs()
			for b.Loop() {
				p.Step(pixels, gradient, 0, 0.1)
			}
		})
	}
}
