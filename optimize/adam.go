package optimize

import (
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
	steps    int
	mean     []float32 // running mean of the gradient
	square   []float32 // running mean of its square
	pixels   []float32 // of the call under way
	gradient []float32
	factors  adamFactors
	loop     *parallel.Loop
}

// adamFactors are what one step needs of the rate and the step count, as
// four_amd64.s reads them.
type adamFactors struct {
	mean    float32 // 1 - beta1
	keep    float32 // beta2
	square  float32 // 1 - beta2
	root    float32 // 1 / sqrt(1 - beta2^t)
	epsilon float32
	step    float32 // rate / (1 - beta1^t)
}

// NewAdam returns an optimiser of n values.
func NewAdam(n int) *Adam {
	a := &Adam{mean: make([]float32, n), square: make([]float32, n)}
	a.loop = overChunks(n, a.move)
	return a
}

// Retreats is false: Adam keeps no earlier pixels.
func (a *Adam) Retreats() bool { return false }

// Settle trusts the last step.
func (a *Adam) Settle([]float32) {}

// Step implements [Optimizer]; pixels and gradient are as long as NewAdam was told.
// Adam does not look at the loss.
func (a *Adam) Step(pixels, gradient []float32, _, rate float64) bool {
	a.steps++
	t := float64(a.steps)
	a.factors = adamFactors{1 - beta1, beta2, 1 - beta2, float32(1 / math.Sqrt(1-math.Pow(beta2, t))),
		epsilon, float32(rate / (1 - math.Pow(beta1, t)))}
	a.pixels, a.gradient = pixels, gradient
	a.loop.Run()
	a.pixels, a.gradient = nil, nil
	return true
}

// move does the values [low, high).
func (a *Adam) move(low, high int) {
	low += a.factors.moveSome(a.pixels[low:high], a.gradient[low:high], a.mean[low:high], a.square[low:high])
	a.factors.move(a.pixels[low:high], a.gradient[low:high], a.mean[low:high], a.square[low:high])
}

func (f adamFactors) move(pixels, gradient, mean, square []float32) {
	gradient, mean, square = gradient[:len(pixels)], mean[:len(pixels)], square[:len(pixels)]
	for i, g := range gradient {
		m := mean[i] + (1-beta1)*(g-mean[i])
		v := beta2*square[i] + (1-beta2)*g*g
		mean[i], square[i] = m, v
		pixels[i] -= f.step * m / (float32(math.Sqrt(float64(v)))*f.root + epsilon)
	}
}

// State holds the number of steps and the two moments.
func (a *Adam) State() State {
	return State{[]float64{float64(a.steps)}, [][]float32{a.mean, a.square}}
}

// Restore makes Adam go on from a state of an optimiser of the same size.
func (a *Adam) Restore(s State) error {
	err := a.State().copyFrom(s)
	if err == nil {
		a.steps = int(s.Scalars[0])
	}
	return err
}
