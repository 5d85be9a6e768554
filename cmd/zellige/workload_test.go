package main

import (
	"fmt"
	"testing"
	"time"

	"zellige"
	"zellige/forecast"
	"zellige/internal/experiment"
)

// fakeRuns are runs of plans on a clock that only moves with their steps.
type fakeRuns struct {
	clock time.Time
	runs  []*experiment.Planned
	plans map[*experiment.Planned]*zellige.Plan
	needs *planNeeds
	load  *workload
	pause time.Duration // after the last step of each run
}

func newFakeRuns(t *testing.T, sizes ...int) *fakeRuns {
	f := &fakeRuns{clock: time.Unix(0, 0), plans: map[*experiment.Planned]*zellige.Plan{}, needs: &planNeeds{known: map[situation]runNeeds{}}}
	for _, size := range sizes {
		r := &experiment.Planned{}
		r.Like = r
		p := texturePlan(t, 20, 2, size)
		f.runs, f.plans[r], f.needs.known[situation{r, 0}] = append(f.runs, r), p, f.needs.foresee(p, 0)
	}
	f.load = newWorkload(f.runs, f.needs, func() time.Time { return f.clock })
	return f
}

// paint does a run, at so many times of what its steps cost.
func (f *fakeRuns) paint(r *experiment.Planned, slowness float64) {
	course, before := forecast.NewCourse(f.plans[r]), 0.0
	for _, s := range steps(f.plans[r], 0) {
		done := course.Done(s)
		f.clock = f.clock.Add(time.Duration((done - before) * slowness))
		before = done
		f.load.event(experiment.Event{Kind: experiment.Stepped, Run: r, Iteration: s.Iteration, Step: s})
	}
	f.clock = f.clock.Add(f.pause)
	f.load.event(experiment.Event{Kind: experiment.Finished, Run: r})
}

// TestTimeLeftOfRuns: within a quarter after the third run, though the sizes differ and
// runs are up to a sixth slower or quicker than foreseen, and though all was twice as slow
// before, and though measuring each picture takes longer than painting most of them.
func TestTimeLeftOfRuns(t *testing.T) {
	for _, tt := range []struct {
		before float64       // times as slow in the first two runs
		pause  time.Duration // in works of the first run
	}{{1, 0}, {2, 0}, {1, 100}} {
		f := newFakeRuns(t, 256, 128, 300, 64, 384, 200)
		f.pause = tt.pause * f.needs.of(f.runs[0]).work
		f.paint(f.runs[0], 100*tt.before)
		f.paint(f.runs[1], 115*tt.before)
		f.paint(f.runs[2], 90)
		told, known := f.load.timeLeft()
		if text := f.load.left(); !known || text != formatDuration(told)+" left" {
			t.Errorf("%q is told, of %v", text, told)
		}
		began := f.clock
		for i, r := range f.runs[3:] {
			f.paint(r, 85+15*float64(i))
		}
		if ratio := told.Seconds() / f.clock.Sub(began).Seconds(); ratio < 0.75 || ratio > 1.25 {
			t.Errorf("%+v: %g of what was left is told", tt, ratio)
		}
		if f.load.share() < 0.999999 || f.load.left() != "" {
			t.Errorf("at the end: share %g, %q", f.load.share(), f.load.left())
		}
	}
}

// TestWorkOfOthers: what another process did does not make this one look fast.
func TestWorkOfOthers(t *testing.T) {
	f := newFakeRuns(t, 128, 128, 128)
	if f.load.left() != "" || f.load.share() != 0 {
		t.Errorf("%q is left before anything is known", f.load.left())
	}
	f.load.event(experiment.Event{Kind: experiment.Skipped, Run: f.runs[0]})
	if got := fmt.Sprintf("%.3f%s", f.load.share(), f.load.left()); got != "0.333" {
		t.Error(got)
	}
	f.paint(f.runs[1], 100)
	spent := f.clock.Sub(time.Unix(0, 0))
	if left, _ := f.load.timeLeft(); left < spent*9/10 || left > spent*11/10 {
		t.Errorf("%v are left, of a run that takes %v", left, spent)
	}
}
