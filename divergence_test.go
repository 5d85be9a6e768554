package zellige

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

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
