package zellige

import (
	"fmt"
	"math"
	"sync/atomic"

	"zellige/internal/parallel"
	"zellige/losses"
)

// DivergedError says that a loss or the gradient is NaN or infinite. The pixels
// are those of the iteration, still finite: the step was not taken.
type DivergedError struct {
	Iteration int    // at which it was noticed, from 0
	Term      string // "content loss of layer 3", "style loss of layer 1", "total variation", "gradient"
	Value     float64
}

func (e *DivergedError) Error() string {
	if e.Term == "gradient" {
		return fmt.Sprintf("iteration %d: the gradient holds values that are NaN or infinite", e.Iteration)
	}
	return fmt.Sprintf("iteration %d: the %s is %g", e.Iteration, e.Term, e.Value)
}

// Hint says what to do about it.
func (e *DivergedError) Hint() string {
	return "make the weights smaller, that of this term first"
}

// checkLosses returns a *[DivergedError] for the first term that is NaN or infinite.
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

// gradientCheck looks for values that are NaN or infinite, on all cores: one of them
// would spoil its pixel, and with the next evaluation all others, for good.
type gradientCheck struct {
	bad  atomic.Bool
	loop *parallel.Loop
}

func newGradientCheck(gradient []float32) *gradientCheck {
	const chunk = 4096
	c := &gradientCheck{}
	c.loop = parallel.New((len(gradient)+chunk-1)/chunk, func(low, high int) {
		var p, q, r, s float32 // which do not wait for each other
		values := gradient[low*chunk : min(high*chunk, len(gradient))]
		for ; len(values) >= 4; values = values[4:] {
			p += values[0] - values[0] // 0, or NaN for NaN and infinities
			q += values[1] - values[1]
			r += values[2] - values[2]
			s += values[3] - values[3]
		}
		for _, x := range values {
			p += x - x
		}
		if p+q+r+s != 0 {
			c.bad.Store(true)
		}
	})
	return c
}

// check returns a *[DivergedError] if a value is NaN or infinite.
func (c *gradientCheck) check(t int) error {
	c.bad.Store(false)
	c.loop.Run()
	if c.bad.Load() {
		return &DivergedError{Iteration: t, Term: "gradient"}
	}
	return nil
}

// The loss is said to rise if it is many times the first for long, or above the
// first at the end. Adam's first steps, which are as large as the range of the
// pixels, raise it to some nine times the first.
const (
	muchHigher = 20
	patience   = 50 // iterations in a row
)

// Trend watches the loss of a picture, at each scale by itself: larger pictures
// have other losses.
type Trend struct {
	scale int     // its first iteration
	first float64 // loss at the scale
	seen  bool    // any step
	above int     // for how many iterations it has been much higher
	told  bool
}

// Warning looks at a step. It returns a warning once if the loss rises, else "".
func (t *Trend) Warning(s Step) string {
	total := s.Losses.Total()
	if stage := s.scale(); !t.seen || stage.First != t.scale {
		t.seen, t.scale, t.first, t.above = true, stage.First, total, 0
		if s.Iteration > t.scale { // resumed: the first loss is not known
			t.first = math.Inf(1)
		}
	}
	if t.above++; total <= muchHigher*t.first {
		t.above = 0
	}
	last := s.Iteration == s.Iterations-1
	if t.told || t.above < patience && !(last && total > t.first) {
		return ""
	}
	t.told = true
	return fmt.Sprintf("the loss has risen, %.4g -> %.4g; smaller weights or more iterations may help", t.first, total)
}

// scale is that of the step; zero if the step has no plan.
func (s Step) scale() Scale {
	if s.Plan == nil {
		return Scale{}
	}
	return s.Plan.Stages[s.Stage].Scale
}
