package forecast

import (
	"cmp"
	"math"
	"time"

	"zellige"
)

// Workload foresees how long the rest of some plans takes, which are followed one after
// another or several at a time: from their work, and how long the last of it took. What
// follows the last step of a plan is no work of the network's loop and has a rate of its own.
type Workload struct {
	Speed  Speed         // that was measured before; 0 if none was. Small pictures say little of large ones
	Others int           // plans like the only one that follow it
	Each   time.Duration // that one of them takes; 0 for as long as the only one

	only        *Run
	plans       int
	total, done float64       // work, in nanoseconds at [Speed] 1
	ends        float64       // of it, what follows last steps and is not done
	ours, away  float64       // of it, that of plans that were begun here, or that another process has
	at          time.Duration // of the last step
	atWork      int           // plans
	steps       rate
	ending      rate // while no other plan was at work
	memory      float64
}

// Run is a plan of a workload.
type Run struct {
	load       *Workload
	total, end float64 // the end is a part of the total
	done       float64
	course     course // that is followed; nil before the first step and after the end
	stage      int    // of the last step, which is not kept: it would keep its loop
	here       float64
	isTaken    bool // it is in the work that is ours or away
}

// remembered is the part of the work whose rate counts: the load of a machine changes.
const remembered = 0.1

// settled is how long the first steps of many plans, which are slower, mislead.
const settled = 500 * time.Millisecond

// Add adds a plan of so much work, of which end follows the last step, at [Speed] 1.
func (w *Workload) Add(work, end time.Duration) *Run {
	w.plans++
	w.total += float64(work)
	w.ends += float64(end)
	w.memory += remembered * float64(work-end)
	return &Run{load: w, total: float64(work), end: float64(end), stage: -1}
}

// Note looks at a step of the only plan, which need not be added, and returns it.
func (w *Workload) Note(s zellige.Step) *Run {
	if w.only == nil {
		c := newCourse(s.Plan)
		w.only = w.Add(time.Duration(c.work()), time.Duration(c.end()))
		w.only.begin(c)
		if w.Speed > 0 {
			w.steps = rate{w.Speed.Time(time.Duration(w.memory)).Seconds(), w.memory}
		}
	}
	w.only.Step(s, s.Elapsed)
	return w.only
}

// Step looks at a step here, so long after the beginning of all. Another process may have
// done what is before the plan that is followed. The first step of a stage is slower than
// those that follow: of a single plan it counts only if nothing else is known.
func (r *Run) Step(s zellige.Step, at time.Duration) {
	w := r.load
	if r.course == nil {
		r.begin(newCourse(s.Plan))
	}
	here := r.course.done(s)
	if s.Stage == r.stage || w.plans > 1 || w.at > 0 && w.steps.work == 0 {
		w.steps.add(at-w.at, here-r.here, w.memory)
	}
	w.at, r.stage, r.here = at, s.Stage, here
	r.move(max(0, r.total-r.end-(r.course.work()-r.course.end())+here))
}

// begin says that a plan is at work, on its course.
func (r *Run) begin(c course) {
	r.course = c
	r.load.atWork++
	r.take(&r.load.ours)
}

// take says who has a plan.
func (r *Run) take(by *float64) {
	if !r.isTaken {
		r.isTaken = true
		*by += r.total
	}
}

// Elsewhere says that another process follows a plan, or did.
func (r *Run) Elsewhere(at time.Duration) {
	r.take(&r.load.away)
	r.End(at)
}

// End says that a plan is followed to its end, or given up.
func (r *Run) End(at time.Duration) {
	w := r.load
	r.take(&w.ours)
	if r.course != nil {
		if w.atWork == 1 {
			w.ending.add(at-w.at, r.end, w.total)
			w.at = at
		}
		w.atWork--
		r.course = nil
	}
	w.ends -= r.end
	r.end = 0
	r.move(r.total)
}

// move notes how much of a plan is done.
func (r *Run) move(done float64) {
	r.load.done += done - r.done
	r.done = done
}

// Share is how much of the work is done, 0 to 1.
func (w *Workload) Share() float64 {
	if w.total == 0 {
		return 1
	}
	return min(1, w.done/w.total)
}

// Left is how long the rest takes, and whether that is known: of a single plan without a
// speed not before the second step. Other processes take as large a part of what nobody
// has as of what was taken until now.
func (w *Workload) Left() (left time.Duration, known bool) {
	rest := w.total - w.done
	mine := rest
	if w.away > 0 {
		mine -= (w.total - w.ours - w.away) * w.away / (w.ours + w.away)
	}
	left, known = w.left(mine, w.ends*mine/max(rest, 1))
	return left + time.Duration(w.Others)*cmp.Or(w.Each, w.at+left), known
}

// Left is how long the rest of the plan takes beside the others that are at work, and whether that is known.
func (r *Run) Left() (left time.Duration, known bool) {
	n := float64(r.load.atWork)
	return r.load.left(n*(r.total-r.done), n*r.end)
}

// left is how long work takes, of which ends follow last steps.
func (w *Workload) left(work, ends float64) (time.Duration, bool) {
	left, known := w.steps.time(work - ends)
	last, ended := w.ending.time(ends)
	if !ended {
		last, _ = w.steps.time(ends)
	}
	return left + last, known && (w.plans == 1 || w.at >= settled)
}

// rate is how long work takes, of late.
type rate struct{ seconds, work float64 }

// add adds work that took so long. It counts in full, earlier work the less the more was
// done since: a third after as much as memory, in the unit of work.
func (r *rate) add(took time.Duration, work, memory float64) {
	keep := math.Exp(-max(work, 0) / memory)
	r.seconds, r.work = r.seconds*keep+took.Seconds(), r.work*keep+work
}

// time is how long work takes at this rate, and whether that is known.
func (r *rate) time(work float64) (time.Duration, bool) {
	if r.work <= 0 {
		return 0, false
	}
	return time.Duration(r.seconds / r.work * work * float64(time.Second)), true
}
