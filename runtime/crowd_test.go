package runtime

import (
	"testing"
	"time"
)

// TestCrowd: what others do is noticed at once, that they are gone after a while, and
// those that come and go are remembered longer.
func TestCrowd(t *testing.T) {
	const threads, step = 2, 50 * time.Millisecond
	c := &crowd{}
	until := func(perSecond float64) time.Duration {
		for d := step; d <= 2*unforgot; d += step {
			if c.note(int(perSecond*threads*step.Seconds()), step, threads) {
				return d
			}
		}
		return 0
	}
	for _, test := range []struct {
		preempts    float64 // of each thread, a second
		here        bool    // afterwards
		least, most time.Duration
	}{
		{0, false, 0, 0},
		{20, false, 0, 0}, // not enough to give up what spinning wins
		{150, true, step, judged},
		{150, true, 0, 0},
		{20, true, 0, 0}, // nor to begin again
		{0, false, forgiven, forgiven + 2*judged},
		{150, true, step, judged},
		{0, false, 2 * forgiven, 2*forgiven + 2*judged},
	} {
		if d := until(test.preempts); d < test.least || d > test.most || c.here != test.here {
			t.Errorf("%g a second: after %v others are here: %v; want %v after %v to %v", test.preempts, d, c.here, test.here, test.least, test.most)
		}
	}
}
