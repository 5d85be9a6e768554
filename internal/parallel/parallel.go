// Package parallel runs loops over rows on all processors without allocating.
package parallel

import (
	goruntime "runtime"
	"sync"
)

// Loop is a loop over 0..n-1 that can be run many times. The body gets ranges
// [low, high) that do not overlap, on several goroutines at once, so what it
// computes must not depend on how the range is split.
type Loop struct {
	n    int
	body func(low, high int)
	done sync.WaitGroup
}

// New returns a loop over 0..n-1.
func New(n int, body func(low, high int)) *Loop {
	return &Loop{n: n, body: body}
}

// chunk is a part of a loop on its way to a worker.
type chunk struct {
	loop      *Loop
	low, high int
}

var (
	chunks  chan chunk
	workers sync.Once
)

// start makes one worker a processor, less the caller's. They live as long as
// the process: a step of the optimiser must not pay for starting them.
func start() {
	chunks = make(chan chunk)
	for range goruntime.NumCPU() - 1 {
		go func() {
			for c := range chunks {
				c.loop.body(c.low, c.high)
				c.loop.done.Done()
			}
		}()
	}
}

// Run runs the loop and returns when all of it is done. One loop must not be run
// by two goroutines at once.
func (l *Loop) Run() {
	workers.Do(start)
	parts := min(goruntime.GOMAXPROCS(0), goruntime.NumCPU(), l.n)
	for p := range max(parts-1, 0) {
		c := chunk{l, l.n * p / parts, l.n * (p + 1) / parts}
		l.done.Add(1)
		select {
		case chunks <- c:
		default: // every worker is busy with somebody else's loop
			c.loop.body(c.low, c.high)
			l.done.Done()
		}
	}
	if parts > 0 {
		l.body(l.n*(parts-1)/parts, l.n)
	}
	l.done.Wait()
}
