package zellige

import (
	"fmt"
	"sync/atomic"

	"zellige/internal/parallel"
	"zellige/losses"
)

// DivergedError says that a loss or the gradient is no finite number. The pixels
// are those of the iteration, still finite: the step was not taken.
type DivergedError struct {
	Iteration int    // at which it was noticed, from 0
	Term      string // "content loss of layer 3", "style loss of layer 1", "total variation", "gradient"
	Value     float64
}

func (e *DivergedError) Error() string {
	if e.Term == "gradient" {
		return fmt.Sprintf("iteration %d: the gradient holds values that are no finite numbers", e.Iteration)
	}
	return fmt.Sprintf("iteration %d: the %s is %g, no finite number", e.Iteration, e.Term, e.Value)
}

// Hint says what to do about it.
func (e *DivergedError) Hint() string {
	return "make the weights smaller, that of this term first"
}

// checkLosses returns a *[DivergedError] for the first term that is not finite.
func checkLosses(t int, v losses.Values) error {
	for _, c := range v.Content {
		if !finite(c.Value) {
			return &DivergedError{t, fmt.Sprintf("content loss of layer %d", c.Layer), c.Value}
		}
	}
	for _, s := range v.Style {
		if !finite(s.Value) {
			return &DivergedError{t, fmt.Sprintf("style loss of layer %d", s.Layer), s.Value}
		}
	}
	if !finite(v.TV) {
		return &DivergedError{t, "total variation", v.TV}
	}
	return nil
}

func finite(x float64) bool { return x-x == 0 }

// gradientCheck looks for values that are not finite, on all cores: one of them
// would spoil its pixel, and with the next evaluation all others, for good.
type gradientCheck struct {
	bad  atomic.Bool
	loop *parallel.Loop
}

func newGradientCheck(gradient []float32) *gradientCheck {
	const chunk = 4096
	c := &gradientCheck{}
	c.loop = parallel.New((len(gradient)+chunk-1)/chunk, func(low, high int) {
		sum := float32(0)
		for _, x := range gradient[low*chunk : min(high*chunk, len(gradient))] {
			sum += x - x // 0, or NaN for NaN and infinities
		}
		if sum != 0 {
			c.bad.Store(true)
		}
	})
	return c
}

// check returns a *[DivergedError] if a value is not finite.
func (c *gradientCheck) check(t int) error {
	c.bad.Store(false)
	c.loop.Run()
	if c.bad.Load() {
		return &DivergedError{Iteration: t, Term: "gradient"}
	}
	return nil
}
