package experiment

import (
	"context"
	"fmt"
	"os"
	"time"

	"zellige"
	"zellige/match/matchtest"
	"zellige/runtime"
)

// fakeModel is a network of four layers that all are the pixels themselves, so that
// no ONNX Runtime is needed.
type fakeModel struct {
	matchtest.Brute
	others
	delay time.Duration // of each evaluation
	dies  string        // the process, if this file is there when features are wanted
}

// others are nil: what is not here is not called.
type others struct{ zellige.Model }

var _ zellige.Model = fakeModel{}

const fakeLayers = 8

func (fakeModel) Info() *runtime.Info {
	info := &runtime.Info{Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.25, 0.25, 0.25}}
	for i := range fakeLayers {
		info.Layers = append(info.Layers, runtime.Layer{Index: i, Name: "identity", Label: fmt.Sprint("identity", i), Channels: 3, Stride: 1, ReceptiveField: 1,
			Window: runtime.Window{Kernel: 1, Stride: 1}})
	}
	return info
}

func (m fakeModel) Extract(_ context.Context, img runtime.Image, features []int, grams []runtime.GramTerm) (runtime.Extraction, error) {
	if m.dies != "" && isFile(m.dies) {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		return runtime.Extraction{}, err
	}
	var e runtime.Extraction
	for range features {
		e.Features = append(e.Features, append([]float32(nil), img.Pixels...))
	}
	for range grams {
		e.Grams = append(e.Grams, make([]float32, 9))
	}
	return e, nil
}

func (m fakeModel) Prepare(o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	return &fakeEvaluator{m.delay, o, pixels, gradient}, nil
}

type fakeEvaluator struct {
	delay            time.Duration
	objective        runtime.Objective
	pixels, gradient []float32
}

// Evaluate pulls the pixels to the content, and the style terms pull them to 0.
func (e *fakeEvaluator) Evaluate(ctx context.Context) (runtime.Losses, error) {
	time.Sleep(e.delay)
	l := runtime.Losses{Content: make([]float32, len(e.objective.Content)), Style: make([]float32, len(e.objective.Style))}
	clear(e.gradient)
	for i, x := range e.pixels {
		for k, t := range e.objective.Content {
			d := x - t.Target[i]
			l.Content[k] += t.Weight * d * d
			e.gradient[i] += 2 * t.Weight * d
		}
		for k := range e.objective.Style {
			l.Style[k] += 0.1 * x * x
			e.gradient[i] += 0.2 * x
		}
	}
	return l, ctx.Err()
}

func (*fakeEvaluator) Retarget() {}

func (*fakeEvaluator) Close() error { return nil }
