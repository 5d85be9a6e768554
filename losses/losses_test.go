package losses

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestTotalVariationByHand(t *testing.T) {
	tests := []struct {
		name          string
		height, width int
		red           []float32
		want          float64
	}{
		{"one pixel", 1, 1, []float32{5}, 0},
		{"one row", 1, 3, []float32{0, 1, 3}, 1 + 4},
		{"one column", 3, 1, []float32{0, 1, 3}, 1 + 4},
		{"square", 2, 2, []float32{1, 2, 4, 8}, 1 + 16 + 9 + 36},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pixels := make([]float32, 3*tt.height*tt.width)
			copy(pixels, tt.red)
			tv := NewTotalVariation(0.5, tt.height, tt.width)
			if got := tv.AddGradient(make([]float32, len(pixels)), pixels); got != tt.want/2 {
				t.Errorf("got %g, want %g", got, tt.want/2)
			}
		})
	}
}

func TestTotalVariationOfAConstantIsZero(t *testing.T) {
	pixels := make([]float32, 3*5*7)
	for i := range pixels {
		pixels[i] = 0.7
	}
	gradient := make([]float32, len(pixels))
	if tv := NewTotalVariation(3, 5, 7).AddGradient(gradient, pixels); tv != 0 {
		t.Errorf("loss %g", tv)
	}
	for i, g := range gradient {
		if math.Abs(float64(g)) > 1e-5 {
			t.Fatalf("gradient[%d] = %g", i, g)
		}
	}
}

func TestTotalVariationGradientByFiniteDifferences(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 6}, {6, 1}, {2, 2}, {5, 7}} {
		h, w := size[0], size[1]
		t.Run(fmt.Sprintf("%dx%d", h, w), func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			pixels := make([]float32, 3*h*w)
			for i := range pixels {
				pixels[i] = float32(random.NormFloat64())
			}
			tv := NewTotalVariation(0.3, h, w)
			gradient, unused := make([]float32, len(pixels)), make([]float32, len(pixels))
			for i := range gradient {
				gradient[i] = 1 // AddGradient must add
			}
			tv.AddGradient(gradient, pixels)
			for i := range pixels {
				const step = 1.0 / 64 // exact in float32; central differences of a quadratic are exact
				old := pixels[i]
				pixels[i] = old + step
				above := tv.AddGradient(unused, pixels)
				pixels[i] = old - step
				below := tv.AddGradient(unused, pixels)
				pixels[i] = old
				want := 1 + (above-below)/(2*step)
				if got := float64(gradient[i]); math.Abs(got-want) > 2e-4 {
					t.Fatalf("gradient[%d] = %g, want %g", i, got, want)
				}
			}
		})
	}
}

func TestTotalVariationAllocatesNothing(t *testing.T) {
	pixels, gradient := make([]float32, 3*32*48), make([]float32, 3*32*48)
	tv := NewTotalVariation(1, 32, 48)
	tv.AddGradient(gradient, pixels)
	if n := testing.AllocsPerRun(50, func() { tv.AddGradient(gradient, pixels) }); n != 0 {
		t.Errorf("%g allocations per call", n)
	}
}

func TestGram(t *testing.T) {
	if got := GramSize.Scale(2, 3, 4); got != 1.0/24 {
		t.Errorf("size: %g, want 1/24", got)
	}
	if got := GramNone.Scale(2, 3, 4); got != 1 {
		t.Errorf("none: %g, want 1", got)
	}
}

func BenchmarkTotalVariation(b *testing.B) {
	for _, size := range [][2]int{{193, 289}, {1025, 1537}} {
		h, w := size[0], size[1]
		b.Run(fmt.Sprintf("size=%dx%d", w, h), func(b *testing.B) {
			pixels, gradient := make([]float32, 3*h*w), make([]float32, 3*h*w)
			tv := NewTotalVariation(5e-2, h, w)
			b.ReportAllocs()
			for b.Loop() {
				tv.AddGradient(gradient, pixels)
			}
		})
	}
}

func ExampleGram_Scale() {
	// A layer of 64 channels whose features are 95x127.
	fmt.Printf("%.4g\n", GramSize.Scale(64, 95, 127))
	// Output: 1.295e-06
}
