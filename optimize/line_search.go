package optimize

// lineSearch looks along a direction for a step that brings the loss down enough
// and leaves it less steep: the weak Wolfe conditions, by bracketing and
// bisection, which needs no smooth loss (Lewis and Overton, "Nonsmooth optimization
// via quasi-Newton methods", 2013; the losses have kinks where a ReLU or a maximum
// switches). A loss that is NaN or infinite is too high. Each evaluation is one try.
type lineSearch struct {
	step  float64 // of the try under way, in units of the direction
	low   float64 // at this step the loss is low enough but still falls steeply
	high  float64 // at this step the loss is too high; 0 if absent
	tries int
}

const (
	decrease = 1e-4 // of the loss, in units of what the slope promises
	flatter  = 0.9  // slope that a step must leave at most, in units of the first
	rounding = 1e-6 // of the loss, which the network sums up in float32
	patience = 3    // tries after which a step that brings the loss down need not be longer
	maxTries = 10
)

// accepts looks at the evaluation at the current step, which has moved the pixels so
// that the loss went from first to loss and its slope along the move from before,
// which is negative, to after. If it refuses, there is a new step to try.
func (s *lineSearch) accepts(first, loss, before, after float64) bool {
	s.tries++
	falls := before < 0 && loss <= first+decrease*before+rounding*first && after-after == 0
	switch {
	case falls && (after >= flatter*before || s.tries >= patience):
		return true
	case falls:
		s.low = s.step
	default:
		s.high = s.step
	}
	switch {
	case s.high == 0:
		s.step = 2 * s.low
	case s.low > 0:
		s.step = (s.low + s.high) / 2
	default: // where a parabola through both losses with the first slope is lowest
		shorter := -before / (2 * (loss - first - before))
		if !(shorter > 0.1) { // also if it is NaN
			shorter = 0.1
		}
		s.step *= min(shorter, 0.5)
	}
	return false
}
