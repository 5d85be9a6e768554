package zellige

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"testing"

	"zellige/match/matchtest"
	"zellige/runtime"
)

// fakeModel is a network of one layer whose features are the pixels themselves,
// so that losses and gradients are known in closed form and no ONNX Runtime is
// needed.
type fakeModel struct {
	matchtest.Brute
	fail     error // returned by every evaluation from the third on
	prepared int
	closed   int
}

func (*fakeModel) Info() *runtime.Info {
	return &runtime.Info{
		Layers: []runtime.Layer{{Index: 0, Name: "identity", Channels: 3, Stride: 1, ReceptiveField: 1, MatchAverage: 1,
			Window: runtime.Window{Kernel: 1, Stride: 1}}},
		Mean: [3]float32{0.5, 0.5, 0.5},
		Std:  [3]float32{0.25, 0.25, 0.25},
	}
}

func (*fakeModel) Extract(_ context.Context, img runtime.Image, features []int, grams []runtime.GramTerm) (runtime.Extraction, error) {
	var e runtime.Extraction
	for range features {
		e.Features = append(e.Features, append([]float32(nil), img.Pixels...))
	}
	for _, g := range grams {
		e.Grams = append(e.Grams, fakeGram(img.Pixels, g.Scale))
	}
	return e, nil
}

func (*fakeModel) Features(_ context.Context, img runtime.Image, _ []int, features [][]float32) error {
	for _, f := range features {
		copy(f, img.Pixels)
	}
	return nil
}

func (*fakeModel) MatchFeatures(_ context.Context, img runtime.Image, layers []int) (features [][]float32, err error) {
	for range layers {
		features = append(features, append([]float32(nil), img.Pixels...))
	}
	return features, nil
}

func (m *fakeModel) Prepare(o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	m.prepared++
	for i, t := range o.Content {
		if t.Content != nil {
			o.Content[i].Target = make([]float32, 3*o.Height*o.Width)
			t.Content(runtime.Image{Height: o.Height, Width: o.Width, Pixels: o.Content[i].Target}, 0, 0)
		}
	}
	e := &fakeEvaluator{model: m, objective: o, pixels: pixels, gradient: gradient,
		losses: runtime.Losses{Content: make([]float32, len(o.Content)), Style: make([]float32, len(o.Style)), Match: make([]float32, len(o.Match))}}
	e.Retarget()
	return e, nil
}

// deepFake is the fake model with more layers; all of them are the pixels themselves.
type deepFake struct{ fakeModel }

func (d *deepFake) Info() *runtime.Info {
	info := d.fakeModel.Info()
	for i := 1; i < 13; i++ {
		l := info.Layers[0]
		l.Index = i
		info.Layers = append(info.Layers, l)
	}
	return info
}

type fakeEvaluator struct {
	model            *fakeModel
	objective        runtime.Objective
	pixels, gradient []float32
	losses           runtime.Losses
	calls            int
	targets          [][]float32 // of the content terms, as they were when they were last told of
}

func (e *fakeEvaluator) Retarget() {
	e.targets = nil
	for _, t := range e.objective.Content {
		e.targets = append(e.targets, slices.Clone(t.Target))
	}
}

func (e *fakeEvaluator) Evaluate(ctx context.Context) (runtime.Losses, error) {
	if e.calls++; e.calls > 2 && e.model.fail != nil {
		return runtime.Losses{}, e.model.fail
	}
	clear(e.gradient)
	for i, t := range e.objective.Content {
		t.Target = e.targets[i]
		e.losses.Content[i] = e.content(t)
	}
	for i, t := range e.objective.Match {
		e.losses.Match[i] = e.content(runtime.ContentTerm{Layer: t.Layer, Weight: t.Weight, Target: t.Target})
	}
	for i, t := range e.objective.Style {
		e.losses.Style[i] = e.style(t)
	}
	return e.losses, ctx.Err()
}

func (e *fakeEvaluator) content(t runtime.ContentTerm) (loss float32) {
	for i, x := range e.pixels {
		d := x - t.Target[i]
		loss += t.Weight * d * d
		if e.gradient != nil {
			e.gradient[i] += 2 * t.Weight * d
		}
	}
	return loss
}

func (e *fakeEvaluator) style(t runtime.StyleTerm) (loss float32) {
	n := len(e.pixels) / 3
	mask := func(k int) float32 {
		if t.Mask == nil {
			return 1
		}
		return t.Mask[k]
	}
	features := make([]float32, len(e.pixels))
	for i, x := range e.pixels {
		features[i] = x * mask(i%n)
	}
	g := fakeGram(features, t.Scale)
	for i := range 3 {
		for j := range 3 {
			d := g[3*i+j] - t.Target[3*i+j]
			loss += t.Weight * d * d
			for k := 0; k < n && e.gradient != nil; k++ {
				e.gradient[i*n+k] += 4 * t.Weight * t.Scale * d * features[j*n+k] * mask(k)
			}
		}
	}
	return loss
}

func (e *fakeEvaluator) Close() error {
	e.model.closed++
	return nil
}

// fakeGram is scale * F F^T of pixels as [3][n].
func fakeGram(pixels []float32, scale float32) []float32 {
	n := len(pixels) / 3
	g := make([]float32, 9)
	for i := range 3 {
		for j := range 3 {
			for k := range n {
				g[3*i+j] += scale * pixels[i*n+k] * pixels[j*n+k]
			}
		}
	}
	return g
}

var errFake = errors.New("the fake network fails")

// gradientPicture is a picture without two equal rows or columns.
func gradientPicture(width, height int, tint uint8) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x * 255 / width), uint8(y * 255 / height), tint, 255})
		}
	}
	return img
}

// fakeOptions are lab options that fit the fake model.
func fakeOptions() Options {
	o := lab()
	o.ImageSize, o.StyleSize, o.Iterations = 16, 16, 12
	o.Objective.Content.Layer, o.Objective.Content.Weight = 0, 1
	o.Objective.Style.Layers, o.Objective.Style.Weights = []int{0}, []float64{100}
	o.Objective.TVWeight = 0.01
	return o
}

func fakePictures() Pictures {
	return Pictures{Content: gradientPicture(32, 24, 30), Style: gradientPicture(40, 40, 220)}
}

func transferFake(t *testing.T, m *fakeModel, o Options) *Result {
	t.Helper()
	r, err := Transfer(context.Background(), m, fakePictures(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
