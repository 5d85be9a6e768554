package runtime

import (
	"sync"
	"time"
)

// crowd finds out whether other programs want the processors too: threads that spin while
// they wait for each other then get fewer of them than they are. Such threads are at
// their best alone, and far behind in a crowd, where they had better sleep.
type crowd struct {
	mutex    sync.Mutex
	here     bool          // other programs want the processors
	had      time.Duration // of processors, in the runs since the last judgement
	wanted   time.Duration // if all threads had spun without a break
	taken    time.Duration // by these runs
	asleep   time.Duration // how long threads have run that did not spin
	patience time.Duration // until others are believed to be gone
}

// others are the other programs: all sessions share the processors with them.
var others crowd

const (
	judged   = 200 * time.Millisecond // how much running time makes a judgement
	crowded  = 0.85                   // of what spinning threads want, or less: others are there. Alone it is 0.91 or more, beside an equal on two processors 0.82 or less
	forgiven = 2 * time.Second        // how long the first crowd is remembered; each later one twice as long as the one before
	unforgot = time.Minute            // and at most
)

// alone reports whether nobody else is known to want the processors.
func (c *crowd) alone() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return !c.here
}

// noteSpinning takes in a run of threads that spun: the time it took, and that of processors
// which they had.
func (c *crowd) noteSpinning(threads int, taken, had time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.here || had == 0 { // it is not known
		return
	}
	c.had, c.wanted, c.taken = c.had+had, c.wanted+time.Duration(threads)*taken, c.taken+taken
	if c.taken < judged {
		return
	}
	if c.here = float64(c.had) < crowded*float64(c.wanted); c.here {
		c.asleep, c.patience = 0, min(unforgot, max(forgiven, 2*c.patience))
	}
	c.had, c.wanted, c.taken = 0, 0, 0
}

// noteSleeping takes in a run of threads that did not spin. They cannot tell whether others
// are there: after a while it is tried.
func (c *crowd) noteSleeping(taken time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.asleep += taken; c.asleep > c.patience {
		c.here = false
	}
}
