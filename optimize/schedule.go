package optimize

import "math"

// Schedule says how pixels move. Iterations are counted from 0 in each scale of
// a picture that is painted coarse to fine.
type Schedule struct {
	Method Method
	// Levels of the image pyramid that moves ([Pyramid], [LBFGS]); 0 for the pixels
	// themselves.
	Levels int
	// Damping is what the rate of the pyramid's second finest level is multiplied by, and
	// that of the finest twice; 0 for none. Steps of all levels are as large otherwise, and
	// those of the finest are seen as grain. Adam's pyramid alone knows it.
	Damping float64

	Rate        float64 // learning rate; for L-BFGS see [LBFGS]
	FinalRate   float64 // if positive, Adam's rate falls to this, along half a cosine
	Restart     int     // if positive, iteration before whose step a fresh Adam begins
	RestartRate float64 // learning rate from there on, unless there is a FinalRate

	// The pixels are kept in -Bound..Bound, in normalised units; 0 for the range
	// of what a picture can show.
	Bound      float64
	BoundUntil int // if positive, Adam's pixels are bounded in iterations [0, BoundUntil) alone

	// Average is the decay of the exponential moving average of the pixels that is
	// the result ([Average]), 0 to below 1; 0 for the last pixels.
	Average float64
}

// Method is the name of an optimiser.
type Method string

// The optimisers.
const (
	MethodAdam  Method = "adam"
	MethodLBFGS Method = "lbfgs"
)

// Lab is the schedule of the reference notebook: Adam with learning rate 3, a
// fresh Adam with rate 0.1 at iteration 180, and pixels kept in -1.5..1.5 in the
// iterations [0, 190). The iterations are absolute: a run that is shorter
// than 180 never slows down.
func Lab() Schedule {
	return Schedule{Method: MethodAdam, Rate: 3, Restart: 180, RestartRate: 0.1, Bound: 1.5, BoundUntil: 190}
}

// Paint is the schedule of the preset paint: Adam on a pyramid, whose rate falls at each
// scale, and an average of the last steps, without their grain.
func Paint() Schedule {
	return Schedule{Method: MethodAdam, Levels: 7, Damping: 0.6, Rate: 0.0444, FinalRate: 0.002, Average: 0.9}
}

// Gram is the schedule of the preset gram: L-BFGS that begins with a pyramid of two
// levels, and pixels that a picture can show.
func Gram() Schedule {
	return Schedule{Method: MethodLBFGS, Levels: 2, Rate: 0.05}
}

// Optimizer returns what moves pictures of height x width within bounds.
func (s *Schedule) Optimizer(height, width int, bounds *Bounds) Optimizer {
	switch {
	case s.Method == MethodLBFGS:
		return NewLBFGS(height, width, s.Levels, bounds)
	case s.Levels > 0:
		return NewPyramid(height, width, s.Levels, s.Damping)
	}
	return NewAdam(3 * height * width)
}

// RateAt is the learning rate of iteration t of n.
func (s *Schedule) RateAt(t, n int) float64 {
	switch {
	case s.FinalRate > 0:
		return s.FinalRate + (s.Rate-s.FinalRate)*(1+math.Cos(math.Pi*float64(t)/float64(n)))/2
	case s.Restart > 0 && t >= s.Restart:
		return s.RestartRate
	}
	return s.Rate
}

// RestartsAt reports whether a fresh Adam begins at iteration t.
func (s *Schedule) RestartsAt(t int) bool {
	return s.Method == MethodAdam && s.Restart > 0 && t == s.Restart
}

// BoundedAt reports whether the pixels are bounded before iteration t.
func (s *Schedule) BoundedAt(t int) bool { return s.BoundUntil <= 0 || t < s.BoundUntil }
