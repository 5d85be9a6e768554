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
		p := NewPyramid(h, w, 4, 0)
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

// TestPyramidHasTheBitsOfItsDefinition does the same pass by pass: rows, columns, then
// squares of 2x2 values.
func TestPyramidHasTheBitsOfItsDefinition(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 5}, {2, 2}, {7, 9}, {16, 33}, {70, 130}, {33, 257}, {5, 384}} {
		h, w := size[0], size[1]
		l, gradient, moves := newLevels(h, w, 4), random(3*h*w, 1), random(len(newLevels(h, w, 4).moves), 2)
		l.analyse(gradient)
		for i, coarser := range l.all[1:] {
			want := make([]float32, 3*coarser.height*coarser.width)
			for c := range 3 {
				finer := l.all[i]
				smoothed := smoothedPlane(finer.plane(l.gradients, c), finer.width)
				for p, v := range smoothed {
					want[c*coarser.height*coarser.width+p/finer.width/2*coarser.width+p%finer.width/2] += v
				}
			}
			if got := l.gradients[coarser.offset:][:len(want)]; !slices.Equal(got, want) {
				t.Errorf("%dx%d: another gradient of level %d", w, h, i+1)
			}
		}
		want := slices.Clone(moves)
		for i := len(l.all) - 1; i > 0; i-- {
			finer, coarser := l.all[i-1], l.all[i]
			for c := range 3 {
				enlarged := make([]float32, finer.height*finer.width)
				for p := range enlarged {
					enlarged[p] = coarser.plane(want, c)[p/finer.width/2*coarser.width+p%finer.width/2]
				}
				add(finer.plane(want, c), smoothedPlane(enlarged, finer.width))
			}
		}
		copy(l.moves, moves)
		pixels := make([]float32, 3*h*w)
		l.synthesise(pixels)
		if !slices.Equal(pixels, want[:len(pixels)]) {
			t.Errorf("%dx%d: the pixels move otherwise", w, h)
		}
	}
}

// smoothedPlane is a plane filtered along rows, then along columns.
func smoothedPlane(plane []float32, width int) []float32 {
	height := len(plane) / width
	along := func(plane []float32, dy, dx int) []float32 {
		filtered := make([]float32, len(plane))
		at := func(y, x int) float32 { return plane[min(max(y, 0), height-1)*width+min(max(x, 0), width-1)] }
		for p, v := range plane {
			filtered[p] = v + linear*(at(p/width-dy, p%width-dx)+at(p/width+dy, p%width+dx)-2*v)
		}
		return filtered
	}
	return along(along(plane, 0, 1), 1, 0)
}

func TestPyramidInterpolatesLinearly(t *testing.T) {
	fine := make([]float32, 8)
	enlargeRow(fine, []float32{0, 4, 8, 12}, 0, 8)
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
	NewPyramid(h, w, levels, 0).Step(pixels, gradient, 0, rate)
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
	NewPyramid(h, w, levels, 0).Step(pixels, gradient, 0, rate)
	if middle := pixels[h/2*w+w/2]; math.Abs(float64(middle)+rate) > 1e-5 {
		t.Errorf("moved by %g, want %g, a quarter of what a large area moves by", middle, -rate)
	}
}

func TestPyramidStopsAtOnePixel(t *testing.T) {
	if n := len(NewPyramid(3, 5, 100, 0).all); n != 4 { // 5, 3, 2, 1 columns
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
	p := NewPyramid(40, 50, 4, 0)
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
			p := NewPyramid(h, w, 4, 0)
			b.ReportAllocs()
			for b.Loop() {
				p.Step(pixels, gradient, 0, 0.1)
			}
		})
	}
}
