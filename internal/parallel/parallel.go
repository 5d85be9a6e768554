// Package parallel runs loops over rows on all processors without allocating.
package parallel

import (
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Loop is a loop over 0..n-1 that can be run many times. The body gets ranges
// [low, high) that do not overlap, on several goroutines at once, so what it
// computes must not depend on how the range is split.
type Loop struct {
	n      int
	body   func(low, high int)
	chunks int64
	next   atomic.Int64 // the first chunk that nobody has taken
	left   atomic.Int64 // chunks that are not done
}

// New returns a loop over 0..n-1.
func New(n int, body func(low, high int)) *Loop {
	const perProcessor = 8
	return &Loop{n: n, body: body, chunks: int64(min(n, perProcessor*goruntime.NumCPU()))}
}

var (
	waiting chan *Loop
	workers sync.Once
)

// start makes one worker a processor, less the caller's. They live as long as
// the process: a step of the optimiser must not pay for starting them.
func start() {
	others := goruntime.NumCPU() - 1
	waiting = make(chan *Loop, others)
	for range others {
		go serve()
	}
}

// awake is how long a worker looks for more work before it sleeps: the loops of
// one step follow each other at once.
const awake = 100 * time.Microsecond

func serve() {
	for l := range waiting {
		l.takeChunks()
		for idle := time.Now(); time.Since(idle) < awake; {
			select {
			case l := <-waiting:
				l.takeChunks()
				idle = time.Now()
			default:
				goruntime.Gosched()
			}
		}
	}
}

// Run runs the loop and returns when all of it is done. One loop must not be run
// by two goroutines at once.
//
// Workers that wake in time take chunks; one that wakes too late finds none and
// nobody waits for it. That matters: waking a thread may take longer than the loop.
func (l *Loop) Run() {
	workers.Do(start)
	l.left.Store(l.chunks)
	l.next.Store(0)
	for range min(goruntime.GOMAXPROCS(0), int(l.chunks)) - 1 {
		select {
		case waiting <- l:
		default: // every worker has something waiting
		}
	}
	l.takeChunks()
	for l.left.Load() > 0 {
		goruntime.Gosched() // for what remains of a worker's last chunk
	}
}

// takeChunks does chunks until none is left.
func (l *Loop) takeChunks() {
	for {
		i := l.next.Add(1) - 1
		if i >= l.chunks {
			return
		}
		l.body(int(int64(l.n)*i/l.chunks), int(int64(l.n)*(i+1)/l.chunks))
		l.left.Add(-1)
	}
}
