package runtime

import (
	"testing"
	"time"
)

// crowdIs makes this process believe that others are here, or not, for some time.
func crowdIs(t *testing.T, here bool) {
	others = crowd{here: here, patience: unforgot}
	t.Cleanup(func() { others = crowd{} })
}

// TestCrowd: what others do is noticed at once, that they are gone is tried after a while, and
// those that come again are remembered longer.
func TestCrowd(t *testing.T) {
	const threads, step = 2, 50 * time.Millisecond
	c := &crowd{}
	until := func(share float64) time.Duration { // that the opinion changes
		before := c.alone()
		for d := step; d <= 2*unforgot; d += step {
			if before {
				c.noteSpinning(threads, step, time.Duration(share*threads*float64(step)))
			} else {
				c.noteSleeping(step)
			}
			if c.alone() != before {
				return d
			}
		}
		return 0
	}
	for i, test := range []struct {
		share       float64 // of what spinning threads want
		here        bool    // afterwards
		least, most time.Duration
	}{
		{1, false, 0, 0},
		{0.9, false, 0, 0}, // not enough to give up what spinning wins
		{0, false, 0, 0},   // where it is not known
		{0.7, true, step, judged},
		{1, false, forgiven, forgiven + judged},
		{0.5, true, judged, judged},
		{0.5, false, 2 * forgiven, 2*forgiven + judged},
		{0.5, true, judged, judged},
		{0.5, false, 4 * forgiven, 4*forgiven + judged},
	} {
		if d := until(test.share); d < test.least || d > test.most || c.alone() == test.here {
			t.Errorf("%d: a share of %g: after %v others are here: %v; want %v after %v to %v", i, test.share, d, !c.alone(), test.here, test.least, test.most)
		}
	}
}
