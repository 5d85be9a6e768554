package optimize

import "math"

// Schedule says how pixels move. Iterations are counted from 0 in each scale of
// a picture that is painted coarse to fine.
type Schedule struct {
	// Levels of the image pyramid that moves ([Pyramid]); 0 for Adam on the
	// pixels.
	Levels int

	Rate        float64 // Adam's learning rate from the start
	Restart     int     // iteration before whose step a fresh Adam begins; negative for never
	RestartRate float64 // learning rate from there on
	FinalRate   float64 // if positive, the rate falls to this, along half a cosine

	// The pixels are kept in -Bound..Bound, in normalised units; 0 for the range
	// of what a picture can show.
	Bound      float32
	BoundUntil int // iterations from this one on are not bounded
}

// Lab is the schedule of the reference notebook: Adam with learning rate 3, a
// fresh Adam with rate 0.1 at iteration 180, and pixels kept in -1.5..1.5 up to
// and with iteration 189. The iterations are absolute: a run that is shorter
// than 180 never slows down.
func Lab() Schedule {
	return Schedule{Rate: 3, Restart: 180, RestartRate: 0.1, Bound: 1.5, BoundUntil: 190}
}

// Fine is the schedule of the preset fine: a pyramid of four levels, a rate that
// falls from 0.1 to 0.01, and pixels that a picture can show.
func Fine() Schedule {
	return Schedule{Levels: 4, Rate: 0.1, Restart: -1, FinalRate: 0.01, BoundUntil: math.MaxInt}
}

// Optimizer moves pixels.
type Optimizer interface {
	// Step moves pixels against gradient, both [3][height][width].
	Step(pixels, gradient []float32)
	// Adam is the Adam at work.
	Adam() *Adam
}

// Optimizer returns what moves pictures of height x width.
func (s *Schedule) Optimizer(height, width int) Optimizer {
	if s.Levels > 0 {
		return NewPyramid(height, width, s.Levels, s.Rate)
	}
	return NewAdam(3*height*width, s.Rate)
}

// Advance prepares a for the step of iteration t of n.
func (s *Schedule) Advance(a *Adam, t, n int) {
	if t == s.Restart {
		a.Reset(s.RestartRate)
	}
	if s.FinalRate > 0 {
		a.rate = s.FinalRate + (s.Rate-s.FinalRate)*(1+math.Cos(math.Pi*float64(t)/float64(n)))/2
	}
}
