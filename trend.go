package zellige

import (
	"fmt"
	"math"
)

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

// Warning looks at a step. It is not "" once, if the loss rises.
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

// scale is that of the step; the zero one if it is of no plan.
func (s Step) scale() Scale {
	if s.Plan == nil {
		return Scale{}
	}
	return s.Plan.Stages[s.Stage].Scale
}
