//go:build cgo

package runtime

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"zellige/internal/shorttest"
)

// The gradient agrees with central differences of the losses, along directions
// that it says are steep: random pixels, each moved the way its gradient points by
// a random amount. Along other directions float32 rounds the difference away. An
// error in any pixel's gradient shows, for nothing cancels.
func TestGradientByFiniteDifferences(t *testing.T) {
	shorttest.Skip(t)
	n := open(t, 2)
	cases := map[string]terms{"reference": reference, "all": everything()}
	for l := range n.Info().Layers {
		cases[fmt.Sprintf("content.%d", l)] = terms{content: map[int]float32{l: 1}}
		cases[fmt.Sprintf("style.%d", l)] = terms{style: map[int]float32{l: 1}}
	}
	sizes := []struct{ height, width int }{{17, 17}, {18, 19}, {24, 41}, {17, 160}}
	for _, size := range sizes {
		for name, w := range cases {
			t.Run(fmt.Sprintf("size=%dx%d/case=%s", size.height, size.width, name), func(t *testing.T) {
				s := prepare(t, n, w, noise(1, size.height, size.width), noise(2, size.height, size.width))
				_, gradient := s.evaluate(t)
				for seed := range uint64(3) {
					s.checkDirection(t, gradient, steep(seed, gradient))
				}
			})
		}
	}
}

// steep is a direction of length 1 along the gradient's signs, in a random half of
// the pixels.
func steep(seed uint64, gradient []float32) []float32 {
	random := rand.New(rand.NewPCG(seed, 1))
	direction := make([]float32, len(gradient))
	for i, g := range gradient {
		if random.IntN(2) == 0 {
			direction[i] = float32(math.Copysign(math.Abs(random.NormFloat64()), float64(g)))
		}
	}
	length := float32(norm(direction))
	for i := range direction {
		direction[i] /= length
	}
	return direction
}

// checkDirection compares the slope along direction with the losses' differences.
// The best of three steps counts: within a long one the network has kinks, and of
// a short one float32 leaves little.
func (p prepared) checkDirection(t *testing.T, gradient, direction []float32) {
	t.Helper()
	slope := 0.0
	for i, d := range direction {
		slope += float64(d) * float64(gradient[i])
	}
	best := math.Inf(1)
	for _, step := range []float32{0.01, 0.004, 0.001} {
		difference := (p.totalAt(t, direction, step) - p.totalAt(t, direction, -step)) / float64(2*step)
		best = min(best, math.Abs(difference-slope)/slope)
	}
	if !(best < 2e-2) {
		t.Errorf("the slope is %g by the gradient; the losses' differences are off by %.2g of it", slope, best)
	}
}

// totalAt is the sum of all losses distance along direction from the pixels.
func (p prepared) totalAt(t *testing.T, direction []float32, distance float32) float64 {
	t.Helper()
	move := func(by float32) {
		for i, d := range direction {
			p.pixels[i] += by * d
		}
	}
	move(distance)
	defer move(-distance)
	losses, _ := p.evaluate(t)
	total := 0.0
	for _, l := range losses {
		total += float64(l)
	}
	return total
}
