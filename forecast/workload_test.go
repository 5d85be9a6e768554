package forecast

import (
	"math"
	"testing"
	"time"

	"zellige"
)

// courseSteps are the steps of a plan that takes so many times its work, and a second more
// for the first of each stage.
func courseSteps(p *zellige.Plan, slowness func(iteration int) float64) (list []zellige.Step) {
	course, before, elapsed := newCourse(p), 0.0, time.Duration(0)
	for i, stage := range p.Stages {
		for t := stage.From; t < stage.End; t++ {
			s := zellige.Step{Iteration: t, Iterations: p.Options.Iterations, Plan: p, Stage: i}
			done := course.done(s)
			elapsed += time.Duration((done - before) * slowness(t))
			if before = done; t == stage.From {
				elapsed += time.Second
			}
			s.Elapsed = elapsed
			list = append(list, s)
		}
	}
	return list
}

// scaledPlan paints 60 iterations at three scales.
func scaledPlan(t *testing.T, name string) *zellige.Plan {
	o := preset(name)
	o.ImageSize, o.Scales, o.Iterations = 256, 3, 60
	return mustPlan(t, squeezeNet(t), lionAndWave(), o)
}

// TestTimeLeft: time left is right at once, up to what the first steps take more.
func TestTimeLeft(t *testing.T) {
	for _, name := range []string{"gram", "paint"} {
		p := scaledPlan(t, name)
		all := courseSteps(p, func(int) float64 { return 30 })
		whole := all[len(all)-1].Elapsed + time.Duration(30*finishWork(p))
		var load Workload
		for i, s := range all {
			run := load.Note(s)
			left, known := load.Left()
			if alone, _ := run.Left(); (alone - left).Abs() > time.Microsecond {
				t.Errorf("%s, iteration %d: %v left of the only plan, %v of all", name, i, alone, left)
			}
			if known != (i > 0) {
				t.Errorf("%s, iteration %d: known %v", name, i, known)
			}
			first := time.Duration(len(p.Stages)-1-s.Stage) * time.Second
			if want := whole - s.Elapsed - first; known && (left-want).Abs() > whole/1000 {
				t.Errorf("%s, iteration %d: %v left, want %v", name, i, left, want)
			}
		}
		if want := 1 - finishWork(p)/newCourse(p).work(); math.Abs(load.Share()-want) > 1e-6 {
			t.Errorf("%s: share %g at the last step, want %g", name, load.Share(), want)
		}
	}
}

// noted is the workload of a plan after some of its steps.
func noted(steps []zellige.Step) *Workload {
	load := &Workload{}
	for _, s := range steps {
		load.Note(s)
	}
	return load
}

// TestShareIsOfTheWork: a third of the iterations is much less of the work if they are at
// the coarsest of three scales.
func TestShareIsOfTheWork(t *testing.T) {
	load := noted(courseSteps(scaledPlan(t, "gram"), func(int) float64 { return 1 })[:20])
	if share := load.Share(); share < 0.1 || share > 0.2 {
		t.Errorf("share %g", share)
	}
}

// TestTimeLeftFollowsTheLoad: a machine that becomes half as fast for good.
func TestTimeLeftFollowsTheLoad(t *testing.T) {
	p := scaledPlan(t, "gram")
	all := courseSteps(p, func(iteration int) float64 {
		if iteration < 40 {
			return 30
		}
		return 60
	})
	load := noted(all[:52])
	left, _ := load.Left()
	want := all[59].Elapsed - all[51].Elapsed
	if ratio := left.Seconds() / want.Seconds(); ratio < 0.9 || ratio > 1.1 {
		t.Errorf("%v left, want %v", left, want)
	}
}

// TestTimeLeftOfSingleSteps: stages of one step each.
func TestTimeLeftOfSingleSteps(t *testing.T) {
	o := preset("gram")
	o.ImageSize, o.Scales, o.Iterations = 128, 2, 2
	load := noted(courseSteps(mustPlan(t, squeezeNet(t), lionAndWave(), o), func(int) float64 { return 1 }))
	if left, known := load.Left(); !known || left != 0 {
		t.Errorf("%v left, known %v", left, known)
	}
}

// TestTimeLeftWithASpeed: it is known at once, and a slow coarse scale counts for little.
func TestTimeLeftWithASpeed(t *testing.T) {
	p := scaledPlan(t, "gram")
	all := courseSteps(p, func(iteration int) float64 {
		if iteration < 20 {
			return 60
		}
		return 20
	})
	load := Workload{Speed: 1. / 20}
	for i, s := range all[:20] {
		load.Note(s)
		left, known := load.Left()
		want := 20 * (load.total - load.done) / 1e9
		if !known || left.Seconds() < 0.99*want || left.Seconds() > 3*want || i == 0 && left.Seconds() > 1.01*want {
			t.Errorf("iteration %d: %v left, want %g s", i, left, want)
		}
	}
}

// fakeRuns are plans on a clock that only moves with their steps.
type fakeRuns struct {
	clock time.Duration
	plans []*zellige.Plan
	runs  []*Run
	load  Workload
	open  float64       // times more that the first step of each stage takes
	pause time.Duration // after the last step of each
}

func newFakeRuns(t *testing.T, sizes ...int) *fakeRuns {
	f := &fakeRuns{}
	for _, size := range sizes {
		o := preset("gram")
		o.ImageSize, o.Scales, o.Iterations = size, 2, 20
		p := mustPlan(t, squeezeNet(t), lionAndWave(), o)
		f.plans, f.runs = append(f.plans, p), append(f.runs, f.load.Add(RunWork(p)))
	}
	return f
}

// paint does a run, at so many times of what its steps cost.
func (f *fakeRuns) paint(run int, slowness float64) {
	course, before := newCourse(f.plans[run]), 0.0
	for _, s := range courseSteps(f.plans[run], func(int) float64 { return 1 }) {
		done := course.done(s)
		took := (done - before) * slowness
		if before = done; s.Iteration == s.Plan.Stages[s.Stage].From {
			took += f.open * took
		}
		f.clock += time.Duration(took)
		f.runs[run].Step(s, f.clock)
	}
	f.clock += f.pause
	f.runs[run].End(f.clock)
}

// TestTimeLeftOfRuns: within a quarter after the third run, though the sizes differ and
// runs are up to a sixth slower or quicker than foreseen, and though all was twice as slow
// before, and though what comes before the first steps takes three times as long as foreseen,
// or measuring each picture longer than painting most of them.
func TestTimeLeftOfRuns(t *testing.T) {
	for _, tt := range []struct {
		before float64 // times as slow in the first two runs
		open   float64
		pause  time.Duration // in works of the first run
	}{{1, 0, 0}, {2, 0, 0}, {1, 2, 0}, {1, 0, 100}} {
		f := newFakeRuns(t, 256, 128, 300, 64, 384, 200)
		work, _ := RunWork(f.plans[0])
		f.open, f.pause = tt.open, tt.pause*work
		f.paint(0, 100*tt.before)
		f.paint(1, 115*tt.before)
		f.paint(2, 90)
		told, known := f.load.Left()
		began := f.clock
		for i := range 3 {
			f.paint(3+i, 85+15*float64(i))
		}
		if ratio := told.Seconds() / (f.clock - began).Seconds(); !known || ratio < 0.75 || ratio > 1.25 {
			t.Errorf("%+v: %g of what was left is told, known %v", tt, ratio, known)
		}
		if left, _ := f.load.Left(); f.load.Share() < 0.999999 || left > 0 {
			t.Errorf("at the end: share %g, %v left", f.load.Share(), left)
		}
	}
}

// TestWorkOfOthers: what another process did does not make this one look fast.
func TestWorkOfOthers(t *testing.T) {
	f := newFakeRuns(t, 128, 128, 128)
	if _, known := f.load.Left(); known || f.load.Share() != 0 {
		t.Errorf("share %g, and the time left is known, before anything is", f.load.Share())
	}
	f.runs[0].End(f.clock)
	if _, known := f.load.Left(); known || math.Abs(f.load.Share()-1./3) > 1e-6 {
		t.Errorf("share %g of a third, time left known %v", f.load.Share(), known)
	}
	f.runs[1].Step(courseSteps(f.plans[1], func(int) float64 { return 1 })[0], settled-1)
	if _, known := f.load.Left(); known {
		t.Error("the time left is known after a slow first step")
	}
	f.paint(1, 100)
	if left, _ := f.load.Left(); left < f.clock*9/10 || left > f.clock*11/10 {
		t.Errorf("%v are left, of a run that takes %v", left, f.clock)
	}
}

// TestTimeLeftOfSeveralAtATime: two runs take turns, so each is half as fast, and the time
// left is that of both together, and of each the same.
func TestTimeLeftOfSeveralAtATime(t *testing.T) {
	f := newFakeRuns(t, 128, 128, 128, 128)
	course, before, told := newCourse(f.plans[0]), 0.0, time.Duration(0)
	for _, s := range courseSteps(f.plans[0], func(int) float64 { return 1 }) {
		done := course.done(s)
		for _, r := range f.runs[:2] {
			f.clock += time.Duration((done - before) * 100)
			r.Step(s, f.clock)
		}
		if before = done; s.Iteration == 10 {
			left, _ := f.runs[0].Left()
			told = f.clock + left
		}
	}
	_, end := RunWork(f.plans[0])
	if want := f.clock + 2*100*end; told < want*9/10 || told > want*11/10 {
		t.Errorf("a run of two was to end after %v, want %v", told, want)
	}
	for _, r := range f.runs[:2] {
		r.End(f.clock)
	}
	if left, _ := f.load.Left(); left < f.clock*9/10 || left > f.clock*11/10 {
		t.Errorf("%v are left, of two runs of four that took %v", left, f.clock)
	}
}

// TestOtherProcessesTakeTheirPart: of ten plans, two are done here while another process does two
// and is at a third, so of the five that nobody has it takes as many as it took of ten.
func TestOtherProcessesTakeTheirPart(t *testing.T) {
	p := scaledPlan(t, "gram")
	steps := courseSteps(p, func(int) float64 { return 1 })
	work := time.Duration(newCourse(p).work())
	var load Workload
	var runs []*Run
	for range 10 {
		runs = append(runs, load.Add(work, time.Duration(finishWork(p))))
	}
	for i := range 2 {
		for _, s := range steps {
			runs[i].Step(s, time.Duration(i)*steps[len(steps)-1].Elapsed+s.Elapsed)
		}
		runs[i].End(time.Duration(i+1) * steps[len(steps)-1].Elapsed)
	}
	alone, _ := load.Left()
	for i := range 3 {
		runs[2+i].Elsewhere(load.at)
	}
	if left, known := load.Left(); !known || math.Abs(left.Seconds()/alone.Seconds()-5.0/8*2/5) > 1e-3 {
		t.Errorf("%v left, %v if alone", left, alone)
	}
}
