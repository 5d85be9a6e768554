package zellige

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"zellige/optimize"
	"zellige/runtime"
)

// otherSchedules are those beside Adam alone.
func otherSchedules() map[string]optimize.Schedule {
	lbfgs, averaged := optimize.Gram(), optimize.Gram()
	averaged.Method, averaged.Average = optimize.MethodAdam, 0.9
	return map[string]optimize.Schedule{"lbfgs": lbfgs, "average": averaged}
}

func TestResumeWithEverySchedule(t *testing.T) {
	for name, schedule := range otherSchedules() {
		o := fineFake()
		o.Schedule = schedule
		var states []State
		o.Progress = func(s Step) { states = append(states, cloneState(s.State())) }
		whole := transferFake(t, &fakeModel{}, o)
		o.Progress = nil
		for i := range states {
			o.Resume = &states[i]
			if resumed := transferFake(t, &fakeModel{}, o); !slices.Equal(resumed.Pixels, whole.Pixels) {
				t.Errorf("%s, resumed at iteration %d: another picture", name, i)
			}
		}
	}
}

func TestResumeNeedsAStateOfTheSameSchedule(t *testing.T) {
	schedules := otherSchedules()
	for name, other := range map[string]string{"lbfgs": "average", "average": "lbfgs"} {
		o := fineFake()
		o.Schedule = schedules[name]
		var state State
		o.Progress = func(s Step) { state = cloneState(s.State()) }
		transferFake(t, &fakeModel{}, o)
		o.Schedule, o.Progress, o.Resume = schedules[other], nil, &state
		if _, err := Transfer(context.Background(), &fakeModel{}, fakePictures(), o); err == nil {
			t.Errorf("a state with %s is taken for one with %s", name, other)
		}
	}
}

// TestLBFGSPaintsWhatItSays: the last losses are those of the picture, and lower
// than Adam's.
func TestLBFGSPaintsWhatItSays(t *testing.T) {
	o := fineFake()
	o.Scales, o.Schedule.Method = 1, optimize.MethodAdam
	adam := transferFake(t, &fakeModel{}, o)
	o.Schedule.Method = optimize.MethodLBFGS
	r := transferFake(t, &fakeModel{}, o)
	if r.Last.Total() > adam.Last.Total() {
		t.Errorf("loss %g, Adam reaches %g", r.Last.Total(), adam.Last.Total())
	}
	again := o
	again.Init, again.Recolor, again.Iterations = InitContent, 0, 1
	var total float64
	again.Resume = &State{Iteration: 0, Pixels: r.Pixels}
	again.Progress = func(s Step) { total = s.Losses.Total() }
	again.Recolor = o.Recolor
	transferFake(t, &fakeModel{}, again)
	if total != r.Last.Total() {
		t.Errorf("the picture's loss is %g, not %g", total, r.Last.Total())
	}
}

func TestAverageIsSmoother(t *testing.T) {
	o := fineFake()
	o.Scales, o.Schedule.Method = 1, optimize.MethodAdam
	last := transferFake(t, &fakeModel{}, o)
	o.Schedule.Average = 0.9
	average := transferFake(t, &fakeModel{}, o)
	if slices.Equal(last.Pixels, average.Pixels) || average.Last.Total() != last.Last.Total() {
		t.Error("the average is the last picture, or the steps are others")
	}
}

// TestLBFGSRetreats: a loss that is NaN within a line search is not the end;
// at the first evaluation it is.
func TestLBFGSRetreats(t *testing.T) {
	o := fakeOptions()
	o.Schedule.Method = optimize.MethodLBFGS
	nan := float32(math.NaN())
	m := &divergingModel{spoil: func(l runtime.Losses, g []float32) { l.Style[0], g[5] = nan, nan }}
	r, err := Transfer(context.Background(), m, fakePictures(), o)
	if err != nil || r.Iterations != o.Iterations || !finite(r.Last.Total()) || r.Last.Total() >= r.First.Total() {
		t.Errorf("%v, result %+v", err, r)
	}
	m = &divergingModel{spoil: m.spoil, always: true}
	var diverged *DivergedError
	if _, err := Transfer(context.Background(), m, fakePictures(), o); !errors.As(err, &diverged) || diverged.Iteration != 0 {
		t.Errorf("a loss that is never a number: %v", err)
	}
}

func TestScheduleIsChecked(t *testing.T) {
	tests := []struct {
		option string
		set    func(*optimize.Schedule)
	}{
		{"Schedule.Method", func(s *optimize.Schedule) { s.Method = "sgd" }},
		{"Schedule.Rate", func(s *optimize.Schedule) { s.Rate = 0 }},
		{"Schedule.Rate", func(s *optimize.Schedule) { s.Rate = math.NaN() }},
		{"Schedule.Rate", func(s *optimize.Schedule) { s.Rate = math.Inf(1) }},
		{"Schedule.FinalRate", func(s *optimize.Schedule) { s.FinalRate = -1 }},
		{"Schedule.Levels", func(s *optimize.Schedule) { s.Levels = -1 }},
		{"Schedule.Levels", func(s *optimize.Schedule) { s.Levels = 17 }},
		{"Schedule.Average", func(s *optimize.Schedule) { s.Average = 1 }},
		{"Schedule.Bound", func(s *optimize.Schedule) { s.Bound = -1 }},
	}
	for _, tt := range tests {
		o := lab()
		tt.set(&o.Schedule)
		var refused *OptionError
		if err := o.Check(13); !errors.As(err, &refused) || refused.Option != tt.option {
			t.Errorf("%s: %v", tt.option, err)
		}
	}
}
