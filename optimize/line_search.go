package optimize

// lineSearch looks along a direction for a step that brings the loss down enough
// and leaves it less steep: the weak Wolfe conditions, by bracketing and
// bisection, which needs no smooth loss (Lewis and Overton, "Nonsmooth optimization
// via quasi-Newton methods", 2013; the losses have kinks where a ReLU or a maximum
// switches). A loss that is no finite number is too high. Each evaluation is one try.
type lineSearch struct {
	step  float64 // of the try under way, in units of the direction
	low   float64 // at this step the loss is low enough but still falls steeply
	high  float64 // at this step the loss is too high; 0 for none
	tries int
}

const (
	decrease  = 1e-4 // of the loss, in units of what the slope promises
	flatter   = 0.9  // slope that a step must leave at most, in units of the first
	rounding  = 1e-6 // of the loss, which the network sums up in float32
	maxTries  = 10
	maxGrowth = 3 // tries after which a step that is long enough need not be longer
)

// verdict says how a line search goes on.
type verdict int

const (
	accepted verdict = iota
	again            // with the search's new step
	given            // up
)

// try judges the evaluation at the current step, which has moved the pixels by
// such that the first loss's slope along the move was before, negative, and is
// now after.
func (s *lineSearch) try(first, loss, before, after float64) verdict {
	s.tries++
	enough := before < 0 && loss <= first+decrease*before+rounding*first && after-after == 0
	switch {
	case enough && (after >= flatter*before || s.tries >= maxGrowth):
		return accepted
	case s.tries == maxTries:
		return given
	case enough:
		s.low = s.step
	default:
		s.high = s.step
	}
	s.step = s.next(first, loss, before)
	return again
}

// next is the next step to try.
func (s *lineSearch) next(first, loss, before float64) float64 {
	if s.high == 0 {
		return 2 * s.low
	}
	if s.low > 0 {
		return (s.low + s.high) / 2
	}
	// Where a parabola through both losses with the first slope is lowest.
	step := s.step * -before / (2 * (loss - first - before))
	if !(step > 0.1*s.high) { // also if it is no number
		return 0.1 * s.high
	}
	return min(step, 0.5*s.high)
}
