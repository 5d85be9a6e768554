package runtime

import "time"

// crowd finds out whether other programs want the processors too: the system then
// takes them away in the middle of the work. Threads that spin while they wait for
// each other are at their best alone, and far behind in a crowd.
type crowd struct {
	here     bool // other programs want the processors
	preempts int  // in the runs since the last judgement
	taken    time.Duration
	alone    time.Duration // how long nobody has come
	patience time.Duration // until they are believed to be gone
}

const (
	judged   = 200 * time.Millisecond // how much running time makes a judgement
	crowded  = 40                     // preemptions of a thread in a second, or more: others are there. Equals make some 150
	deserted = 10                     // or fewer: nobody else is
	forgiven = 2 * time.Second        // how long the first crowd is remembered; each later one twice as long as the one before
	unforgot = time.Minute            // and at most
)

// note takes in one run of so many threads and reports whether here has changed.
func (c *crowd) note(preempts int, taken time.Duration, threads int) bool {
	c.preempts += preempts
	c.taken += taken
	if c.taken < judged {
		return false
	}
	rate := float64(c.preempts) / c.taken.Seconds() / float64(threads)
	if c.alone += c.taken; rate > deserted {
		c.alone = 0
	}
	c.preempts, c.taken = 0, 0
	switch {
	case !c.here && rate > crowded:
		c.here, c.patience = true, min(unforgot, max(forgiven, 2*c.patience))
	case c.here && c.alone > c.patience:
		c.here = false
	default:
		return false
	}
	return true
}
