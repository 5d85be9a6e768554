package forecast

import (
	"math"
	"time"
)

// Rate is how long work takes, of late.
type Rate struct{ seconds, work float64 }

// Add adds work that took so long. It counts in full, earlier work the less the more was
// done since: a third after as much as memory, in the unit of work.
func (r *Rate) Add(took time.Duration, work, memory float64) {
	keep := math.Exp(-max(work, 0) / memory)
	r.seconds, r.work = r.seconds*keep+took.Seconds(), r.work*keep+work
}

// Time is how long work takes at this rate, and whether that is known.
func (r *Rate) Time(work float64) (time.Duration, bool) {
	if r.work <= 0 {
		return 0, false
	}
	return time.Duration(r.seconds / r.work * work * float64(time.Second)), true
}
