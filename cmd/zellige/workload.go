package main

import (
	"time"

	"zellige/forecast"
	"zellige/internal/experiment"
)

// workload foresees how long the rest of a plan takes, from the work of its runs, in
// nanoseconds at speed 1, and how long the last of it took. What follows the last step of a
// run is no work of the network's loop and has a rate of its own.
type workload struct {
	now    func() time.Time
	began  time.Time
	last   time.Time // a step here
	total  float64
	done   float64 // also by others
	ends   float64 // of what is not done
	rate   forecast.Rate
	memory float64       // of the rate
	ending forecast.Rate // while no other run was at work
	atWork int           // runs here
	runs   map[*experiment.Planned]*runLoad
}

// runLoad is the work of a run.
type runLoad struct {
	total, end float64 // the end is a part of the total
	done       float64
	course     *forecast.Course // of the plan that is followed; nil before its first step
	here       float64          // done of that
}

// rateMemory is the part of the work that is remembered: the load of a machine changes.
const rateMemory = 0.15

func newWorkload(runs []*experiment.Planned, needs *planNeeds, now func() time.Time) *workload {
	w := &workload{now: now, began: now(), last: now(), runs: map[*experiment.Planned]*runLoad{}}
	for _, r := range runs {
		n := needs.of(r)
		w.runs[r] = &runLoad{total: float64(n.work), end: float64(n.end)}
		w.total += float64(n.work)
		w.ends += float64(n.end)
		w.memory += rateMemory * float64(n.work-n.end)
	}
	return w
}

// event follows where each run is.
func (w *workload) event(e experiment.Event) {
	r := w.runs[e.Run]
	switch e.Kind {
	case experiment.Stepped:
		w.step(r, e)
	case experiment.Skipped, experiment.Finished, experiment.Failed:
		w.end(r)
	}
}

// end notes the end of a run.
func (w *workload) end(r *runLoad) {
	if r.course != nil {
		if w.atWork == 1 {
			w.ending.Add(w.now().Sub(w.last), r.end, w.total)
			w.last = w.now()
		}
		w.atWork--
		r.course = nil
	}
	w.ends -= r.end
	r.end = 0
	w.move(r, r.total)
}

// step notes a step here. Another process may have done what is before the course.
func (w *workload) step(r *runLoad, e experiment.Event) {
	if r.course == nil {
		r.course = forecast.NewCourse(e.Step.Plan)
		w.atWork++
	}
	here, now := r.course.Done(e.Step), w.now()
	w.rate.Add(now.Sub(w.last), here-r.here, w.memory)
	w.last, r.here = now, here
	w.move(r, max(0, r.total-r.end-(r.course.Total-r.course.End)+here))
}

// move notes how much of a run is done.
func (w *workload) move(r *runLoad, done float64) {
	w.done += done - r.done
	r.done = done
}

// share is how much is done, 0 to 1.
func (w *workload) share() float64 {
	if w.total == 0 {
		return 1
	}
	return min(1, w.done/w.total)
}

// timeLeft is how long the rest takes, and whether that is known.
func (w *workload) timeLeft() (time.Duration, bool) {
	left, known := w.rate.Time(w.total - w.done - w.ends)
	ends, ended := w.ending.Time(w.ends)
	if !ended {
		ends, _ = w.rate.Time(w.ends)
	}
	return left + ends, known
}

// settled is how long the first iterations, which are slower, mislead.
const settled = 500 * time.Millisecond

// left is "2m5s left", or "" if that is not known or nothing is.
func (w *workload) left() string {
	left, known := w.timeLeft()
	if !known || left <= 0 || w.now().Sub(w.began) < settled {
		return ""
	}
	return formatDuration(left) + " left"
}
