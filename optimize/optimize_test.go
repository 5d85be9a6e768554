package optimize

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// adam64 is the paper's algorithm 1 in float64.
func adam64(x float64, gradients []float64, rate float64) []float64 {
	m, v := 0.0, 0.0
	var path []float64
	for i, g := range gradients {
		t := float64(i + 1)
		m = beta1*m + (1-beta1)*g
		v = beta2*v + (1-beta2)*g*g
		x -= rate * (m / (1 - math.Pow(beta1, t))) / (math.Sqrt(v/(1-math.Pow(beta2, t))) + epsilon)
		path = append(path, x)
	}
	return path
}

func TestAdamFollowsThePaper(t *testing.T) {
	gradients := []float64{1, -2, 0.5, 0, 1e-12, 1e6, -3}
	want := adam64(0.25, gradients, 0.1)
	const n = 3*chunk + 5 // several chunks, the last one short
	adam := NewAdam(n)
	pixels, gradient := make([]float32, n), make([]float32, n)
	for i := range pixels {
		pixels[i] = 0.25
	}
	for step, g := range gradients {
		for i := range gradient {
			gradient[i] = float32(g)
		}
		adam.Step(pixels, gradient, 0, 0.1)
		for _, i := range []int{0, chunk, n - 1} {
			if math.Abs(float64(pixels[i])-want[step]) > 1e-6 {
				t.Fatalf("step %d, value %d: %g, want %g", step, i, pixels[i], want[step])
			}
		}
	}
}

func TestAdamFirstStepIsTheRate(t *testing.T) {
	for _, g := range []float32{1e-3, 7, 4e5} {
		pixels := []float32{0, 0}
		NewAdam(2).Step(pixels, []float32{g, -g}, 0, 3)
		if math.Abs(float64(pixels[0])+3) > 1e-4 || pixels[1] != -pixels[0] {
			t.Errorf("gradient %g moved the pixels to %v, want -3 and 3", g, pixels)
		}
	}
}

func TestRestoreGoesOnTheSame(t *testing.T) {
	whole := NewAdam(2)
	pixels := []float32{1, -1}
	whole.Step(pixels, []float32{0.5, 2}, 0, 0.3)
	later := NewAdam(2)
	if err := later.Restore(whole.State()); err != nil {
		t.Fatal(err)
	}
	resumed := append([]float32(nil), pixels...)
	whole.Step(pixels, []float32{-1, 3}, 0, 0.3)
	later.Step(resumed, []float32{-1, 3}, 0, 0.3)
	if pixels[0] != resumed[0] || pixels[1] != resumed[1] {
		t.Errorf("resumed %v, whole %v", resumed, pixels)
	}
	if err := later.Restore(State{[]float64{1}, [][]float32{make([]float32, 3), make([]float32, 3)}}); err == nil {
		t.Error("a state of another size is accepted")
	}
}

func all(v float32) [3]float32 { return [3]float32{v, v, v} }

func TestClampByChannel(t *testing.T) {
	for _, n := range []int{2, chunk, chunk + 7} {
		values := make([]float32, 3*n)
		for i := range values {
			values[i] = float32(i%9) - 4
		}
		NewBounds(3*n, [3]float32{-1, -2, -3}, [3]float32{1, 2, 3}).Clamp(values)
		for i, v := range values {
			limit := float32(1 + i/n)
			if want := max(-limit, min(limit, float32(i%9)-4)); v != want {
				t.Fatalf("n %d: values[%d] = %g, want %g", n, i, v, want)
			}
		}
	}
}

func TestClamp(t *testing.T) {
	values := make([]float32, 2*chunk+3)
	for i := range values {
		values[i] = float32(i%7) - 3
	}
	NewBounds(len(values), all(-1.5), all(1.5)).Clamp(values)
	for i, v := range values {
		if want := max(-1.5, min(1.5, float32(i%7)-3)); v != want {
			t.Fatalf("values[%d] = %g, want %g", i, v, want)
		}
	}
}

// What the processor does four at a time has the bits of what Go does one by one,
// also of values that are no numbers, infinite, or as small as there are.
func TestFoursHaveTheBitsOfOnes(t *testing.T) {
	odd := []float32{0, float32(math.Copysign(0, -1)), float32(math.NaN()), float32(math.Inf(1)), -1e38, 1e-45, -1.5, 1.5}
	random := rand.New(rand.NewPCG(1, 2))
	make4 := func(n int) (v [4][]float32) { // pixels, gradient, mean, square
		for i := range v {
			v[i] = make([]float32, n)
			for j := range v[i] {
				if v[i][j] = float32(random.NormFloat64() * 2); random.IntN(9) == 0 {
					v[i][j] = odd[random.IntN(len(odd))]
				}
			}
		}
		return v
	}
	for n := range 70 {
		v := make4(n)
		one, many, a := [4][]float32{}, [4][]float32{}, NewAdam(n)
		for i := range v {
			one[i], many[i] = slices.Clone(v[i]), slices.Clone(v[i])
		}
		a.mean, a.square = many[2], many[3]
		a.Step(many[0], many[1], 0, 0.1)
		a.factors.move(one[0], one[1], one[2], one[3])
		for i := range one {
			sameBits(t, many[i], one[i])
		}
		for i := range n { // one value is too few for more than one at a time
			clamp(one[1][i:i+1], -1.5, 1.5)
		}
		clamp(many[1], -1.5, 1.5)
		sameBits(t, many[1], one[1])
	}
}

// sameBits takes all that is no number for the same.
func sameBits(t *testing.T, got, want []float32) {
	t.Helper()
	for i, x := range want {
		if math.Float32bits(got[i]) != math.Float32bits(x) && (x == x || got[i] == got[i]) {
			t.Fatalf("value %d of %d is %g (%#x), want %g", i, len(want), got[i], math.Float32bits(got[i]), x)
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	pixels, gradient := make([]float32, 3*chunk), make([]float32, 3*chunk)
	adam, bounds := NewAdam(len(pixels)), NewBounds(len(pixels), all(-1), all(1))
	adam.Step(pixels, gradient, 0, 0.1)
	bounds.Clamp(pixels)
	n := testing.AllocsPerRun(50, func() {
		adam.Step(pixels, gradient, 0, 0.1)
		bounds.Clamp(pixels)
	})
	if n != 0 {
		t.Errorf("%g allocations per step", n)
	}
}

func BenchmarkAdam(b *testing.B) {
	for _, size := range [][2]int{{193, 289}, {1025, 1537}} {
		h, w := size[0], size[1]
		b.Run(fmt.Sprintf("size=%dx%d", w, h), func(b *testing.B) {
			n := 3 * h * w
			pixels, gradient := make([]float32, n), make([]float32, n)
			for i := range gradient {
				gradient[i] = float32(i%17) - 8
			}
			adam := NewAdam(n)
			b.ReportAllocs()
			for b.Loop() {
				adam.Step(pixels, gradient, 0, 0.1)
			}
		})
	}
}

func BenchmarkClamp(b *testing.B) {
	for _, size := range [][2]int{{193, 289}, {1025, 1537}} {
		h, w := size[0], size[1]
		b.Run(fmt.Sprintf("size=%dx%d", w, h), func(b *testing.B) {
			values := make([]float32, 3*h*w)
			bounds := NewBounds(len(values), all(-1.5), all(1.5))
			b.ReportAllocs()
			for b.Loop() {
				for i := 0; i < len(values); i += 5 { // every fifth moved out of bounds, as Adam does
					values[i] = 4
				}
				bounds.Clamp(values)
			}
		})
	}
}
