package zellige

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"zellige/losses"
	"zellige/runtime"
)

// divergingModel is the fake model but for its fifth evaluation, which spoils one
// value.
type divergingModel struct {
	fakeModel
	spoil  func(l runtime.Losses, gradient []float32)
	always bool // every evaluation
}

type divergingEvaluator struct {
	runtime.Evaluator
	calls    int
	gradient []float32
	model    *divergingModel
}

func (m *divergingModel) Prepare(o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	e, err := m.fakeModel.Prepare(o, pixels, gradient)
	return &divergingEvaluator{Evaluator: e, gradient: gradient, model: m}, err
}

func (e *divergingEvaluator) Evaluate(ctx context.Context) (runtime.Losses, error) {
	l, err := e.Evaluator.Evaluate(ctx)
	if e.calls++; e.calls == 5 || e.model.always {
		e.model.spoil(l, e.gradient)
	}
	return l, err
}

func TestDivergenceNamesTheTermAndKeepsThePicture(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	tests := []struct {
		term  string
		spoil func(l runtime.Losses, gradient []float32)
	}{
		{"content loss of layer 0", func(l runtime.Losses, _ []float32) { l.Content[0] = inf }},
		{"style loss of layer 0", func(l runtime.Losses, _ []float32) { l.Style[0] = nan }},
		{"gradient", func(_ runtime.Losses, g []float32) { g[len(g)-1] = nan }},
		{"gradient", func(_ runtime.Losses, g []float32) { g[3] = -inf }},
	}
	for _, tt := range tests {
		m := &divergingModel{spoil: tt.spoil}
		r, err := Transfer(context.Background(), m, fakePictures(), fakeOptions())
		var diverged *DivergedError
		if !errors.As(err, &diverged) || diverged.Term != tt.term || diverged.Iteration != 4 {
			t.Errorf("%s: error %v", tt.term, err)
			continue
		}
		bad := func(x float32) bool { return x-x != 0 }
		if r == nil || r.Iterations != 4 || r.Image == nil || slices.ContainsFunc(r.Pixels, bad) {
			t.Errorf("%s: the last good picture is not kept: %+v", tt.term, r)
		}
		if m.closed != 1 {
			t.Errorf("%s: the network is not closed", tt.term)
		}
	}
}

func TestTrend(t *testing.T) {
	const iterations = 300
	for _, c := range []struct {
		name string
		loss func(t int) float64
		at   int // iteration at which it is told, -1 for never
	}{
		{"falling", func(t int) float64 { return 1e6 / float64(t+1) }, -1},
		{"constant", func(int) float64 { return 5 }, -1},
		{"zero", func(int) float64 { return 0 }, -1},
		{"first steps too large", func(t int) float64 { return 10 + float64(max(0, min(t, 250-t))) }, -1},
		{"slowly rising", func(t int) float64 { return 1000 + float64(t) }, iterations - 1},
		{"rising fast", func(t int) float64 { return float64(t + 1) }, 20 + patience - 1},
	} {
		var trend Trend
		at := -1
		for i := range iterations {
			if trend.Warning(Step{Iteration: i, Iterations: iterations, Losses: losses.Values{TV: c.loss(i)}}) == "" {
				continue
			}
			if at >= 0 {
				t.Errorf("%s: told at %d and again at %d", c.name, at, i)
			}
			at = i
		}
		if at != c.at {
			t.Errorf("%s: told at %d, want %d", c.name, at, c.at)
		}
	}
}

// TestTrendAtScales: the loss of a larger picture is higher and has not risen.
func TestTrendAtScales(t *testing.T) {
	o := fineFake()
	plan := &Plan{}
	for _, s := range o.scales() {
		plan.Stages = append(plan.Stages, Stage{Scale: s})
	}
	var trend Trend
	for i := range o.Iterations {
		size := plan.Stages[i/10].Size
		loss := losses.Values{TV: 100*float64(size*size) - float64(i)}
		if text := trend.Warning(Step{Iteration: i, Iterations: o.Iterations, Losses: loss, Plan: plan, Stage: i / 10}); text != "" {
			t.Errorf("iteration %d: %s", i, text)
		}
	}
}

func TestTrendOfAResumedRun(t *testing.T) {
	var trend Trend
	for i := 100; i < 200; i++ {
		if text := trend.Warning(Step{Iteration: i, Iterations: 200, Losses: losses.Values{TV: float64(i)}}); text != "" {
			t.Errorf("iteration %d: %s", i, text)
		}
	}
}
