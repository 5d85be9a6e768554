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
	course, before, elapsed := NewCourse(p), 0.0, time.Duration(0)
	for i, stage := range p.Stages {
		for t := stage.From; t < stage.End; t++ {
			s := zellige.Step{Iteration: t, Iterations: p.Options.Iterations, Plan: p, Stage: i}
			done := course.Done(s)
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

// TestPace: time left is right at once, up to what the first steps take more.
func TestPace(t *testing.T) {
	for _, name := range []string{"gram", "paint"} {
		p := scaledPlan(t, name)
		all := courseSteps(p, func(int) float64 { return 30 })
		whole := all[len(all)-1].Elapsed + time.Duration(30*finishWork(p))
		var pace Pace
		for i, s := range all {
			pace.Note(s)
			left, known := pace.Left()
			if known != (i > 0) {
				t.Errorf("%s, iteration %d: known %v", name, i, known)
			}
			first := time.Duration(len(p.Stages)-1-s.Stage) * time.Second
			if want := whole - s.Elapsed - first; known && (left-want).Abs() > whole/1000 {
				t.Errorf("%s, iteration %d: %v left, want %v", name, i, left, want)
			}
		}
		if want := 1 - finishWork(p)/NewCourse(p).Total; math.Abs(pace.Share()-want) > 1e-6 {
			t.Errorf("%s: share %g at the last step, want %g", name, pace.Share(), want)
		}
	}
}

// TestShareIsOfTheWork: a third of the iterations is much less of the work if they are at
// the coarsest of three scales.
func TestShareIsOfTheWork(t *testing.T) {
	var pace Pace
	for _, s := range courseSteps(scaledPlan(t, "gram"), func(int) float64 { return 1 })[:20] {
		pace.Note(s)
	}
	if share := pace.Share(); share < 0.1 || share > 0.2 {
		t.Errorf("share %g", share)
	}
}

// TestPaceFollowsTheLoad: a machine that becomes half as fast for good.
func TestPaceFollowsTheLoad(t *testing.T) {
	p := scaledPlan(t, "gram")
	all := courseSteps(p, func(iteration int) float64 {
		if iteration < 40 {
			return 30
		}
		return 60
	})
	var pace Pace
	for _, s := range all[:52] {
		pace.Note(s)
	}
	left, _ := pace.Left()
	want := all[59].Elapsed - all[51].Elapsed
	if ratio := left.Seconds() / want.Seconds(); ratio < 0.9 || ratio > 1.1 {
		t.Errorf("%v left, want %v", left, want)
	}
}

// TestPaceOfSingleSteps: stages of one step each.
func TestPaceOfSingleSteps(t *testing.T) {
	o := preset("gram")
	o.ImageSize, o.Scales, o.Iterations = 128, 2, 2
	var pace Pace
	for _, s := range courseSteps(mustPlan(t, squeezeNet(t), lionAndWave(), o), func(int) float64 { return 1 }) {
		pace.Note(s)
	}
	if left, known := pace.Left(); !known || left != 0 {
		t.Errorf("%v left, known %v", left, known)
	}
}

// TestPaceWithASpeed: it is known at once, and a slow coarse scale counts for little.
func TestPaceWithASpeed(t *testing.T) {
	p := scaledPlan(t, "gram")
	all := courseSteps(p, func(iteration int) float64 {
		if iteration < 20 {
			return 60
		}
		return 20
	})
	pace := Pace{Speed: 1. / 20}
	for i, s := range all[:20] {
		pace.Note(s)
		left, known := pace.Left()
		want := 20 * (pace.course.Total - pace.done) / 1e9
		if !known || left.Seconds() < 0.99*want || left.Seconds() > 3*want || i == 0 && left.Seconds() > 1.01*want {
			t.Errorf("iteration %d: %v left, want %g s", i, left, want)
		}
	}
}
