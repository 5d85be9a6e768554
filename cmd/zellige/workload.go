package main

import (
	"fmt"
	"time"

	"zellige/internal/experiment"
)

// workload foresees how long the rest of a plan takes. Its unit is an iteration on
// a pixel of a square picture.
type workload struct {
	began    time.Time
	total    float64
	done     float64 // also before this process, or by others
	here     float64 // done by this process
	position map[*experiment.Planned]int
}

func newWorkload(runs []*experiment.Planned) *workload {
	w := &workload{began: time.Now(), position: map[*experiment.Planned]int{}}
	for _, r := range runs {
		w.total += perIteration(r) * float64(r.Options.Iterations)
	}
	return w
}

func perIteration(r *experiment.Planned) float64 {
	return float64(r.Options.ImageSize) * float64(r.Options.ImageSize)
}

// event follows where each run is.
func (w *workload) event(e experiment.Event) {
	switch e.Kind {
	case experiment.Started:
		w.move(e.Run, e.Iteration)
	case experiment.Stepped:
		w.here += w.move(e.Run, e.Iteration+1)
	case experiment.Skipped, experiment.Finished, experiment.Failed:
		w.move(e.Run, e.Run.Options.Iterations)
	}
}

// move notes that a run is at an iteration and returns the work since its last one.
func (w *workload) move(r *experiment.Planned, iteration int) float64 {
	work := perIteration(r) * float64(iteration-w.position[r])
	w.position[r] = iteration
	w.done += work
	return work
}

// share is how much is done, 0 to 1.
func (w *workload) share() float64 {
	if w.total == 0 {
		return 1
	}
	return w.done / w.total
}

// settled is how long the first iterations, which are slower, mislead.
const settled = 500 * time.Millisecond

// left is ", 2m5s left", or "" if that is not known or nothing is.
func (w *workload) left() string {
	rest := w.total - w.done
	if w.here == 0 || rest <= 0 || time.Since(w.began) < settled {
		return ""
	}
	return fmt.Sprintf(", %s left", formatDuration(time.Duration(float64(time.Since(w.began))/w.here*rest)))
}
