package optimize

import (
	"errors"
	"fmt"
	"math"

	"zellige/internal/parallel"
)

// The constants of Adam (Kingma and Ba, 2015), which are also PyTorch's
// defaults. The lab report keeps them.
const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

// Adam is the optimiser of Kingma and Ba, in float32 and in PyTorch's order of
// operations.
type Adam struct {
	rate     float64
	steps    int
	mean     []float32 // running mean of the gradient
	square   []float32 // running mean of its square
	pixels   []float32 // of the call under way
	gradient []float32
	factors  stepFactors
	loop     *parallel.Loop
}

// stepFactors are what one step needs of the rate and the step count.
type stepFactors struct {
	step float32 // rate / (1 - beta1^t)
	root float32 // 1 / sqrt(1 - beta2^t)
}

// NewAdam returns an optimiser of n values.
func NewAdam(n int, rate float64) *Adam {
	a := &Adam{rate: rate, mean: make([]float32, n), square: make([]float32, n)}
	a.loop = parallel.New(chunksOf(n), func(low, high int) {
		a.move(low*chunk, min(high*chunk, n))
	})
	return a
}

// chunk is how many values are worth handing to another core.
const chunk = 4096

func chunksOf(n int) int { return (n + chunk - 1) / chunk }

// Adam is a itself; it makes Adam an [Optimizer].
func (a *Adam) Adam() *Adam { return a }

// Reset forgets the moments and the step count, as a new Adam would.
func (a *Adam) Reset(rate float64) {
	a.rate, a.steps = rate, 0
	clear(a.mean)
	clear(a.square)
}

// Step moves pixels against gradient, both as long as NewAdam was told. It
// allocates nothing.
func (a *Adam) Step(pixels, gradient []float32) {
	if len(pixels) != len(a.mean) || len(gradient) != len(a.mean) {
		panic(fmt.Sprintf("optimize: Adam for %d values got %d pixels and %d gradients", len(a.mean), len(pixels), len(gradient)))
	}
	a.steps++
	t := float64(a.steps)
	a.factors = stepFactors{
		step: float32(a.rate / (1 - math.Pow(beta1, t))),
		root: float32(1 / math.Sqrt(1-math.Pow(beta2, t))),
	}
	a.pixels, a.gradient = pixels, gradient
	a.loop.Run()
	a.pixels, a.gradient = nil, nil
}

// move does the values from low to high.
func (a *Adam) move(low, high int) {
	pixels, gradient := a.pixels[low:high], a.gradient[low:high]
	mean, square := a.mean[low:high], a.square[low:high]
	gradient, mean, square = gradient[:len(pixels)], mean[:len(pixels)], square[:len(pixels)]
	f := a.factors
	for i, g := range gradient {
		m := mean[i] + (1-beta1)*(g-mean[i])
		v := beta2*square[i] + (1-beta2)*g*g
		mean[i], square[i] = m, v
		pixels[i] -= f.step * m / (float32(math.Sqrt(float64(v)))*f.root + epsilon)
	}
}

// AdamState is all that Adam remembers between two steps, to go on later.
type AdamState struct {
	Rate   float64
	Steps  int
	Mean   []float32
	Square []float32
}

// State returns what Adam remembers. The slices are Adam's own: they change with
// the next step.
func (a *Adam) State() AdamState {
	return AdamState{a.rate, a.steps, a.mean, a.square}
}

// Restore makes Adam go on from a state of an optimiser of the same size.
func (a *Adam) Restore(s AdamState) error {
	if len(s.Mean) != len(a.mean) || len(s.Square) != len(a.square) {
		return fmt.Errorf("the state of Adam is for %d values, this picture has %d", len(s.Mean), len(a.mean))
	}
	if s.Steps < 0 {
		return errors.New("the state of Adam has a negative step count")
	}
	a.rate, a.steps = s.Rate, s.Steps
	copy(a.mean, s.Mean)
	copy(a.square, s.Square)
	return nil
}
