package report

import (
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"zellige"
	"zellige/internal/experiment"
	"zellige/internal/record"
	"zellige/match/matchtest"
	"zellige/picture"
	"zellige/runtime"
)

// fakeModel is a network whose layers all are the pixels themselves, so that no ONNX
// Runtime is needed.
type fakeModel struct {
	matchtest.Brute
	others
}

// others are nil: what is not here is not called.
type others struct{ zellige.Model }

var _ zellige.Model = fakeModel{}

const fakeLayers = 13

func (fakeModel) Info() *runtime.Info {
	info := &runtime.Info{Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.25, 0.25, 0.25}}
	for i := range fakeLayers {
		info.Layers = append(info.Layers, runtime.Layer{Index: i, Name: "identity", Channels: 3, Stride: 1, ReceptiveField: 1,
			Window: runtime.Window{Kernel: 1, Stride: 1}})
	}
	return info
}

func (fakeModel) Extract(_ context.Context, img runtime.Image, features []int, grams []runtime.GramTerm) (runtime.Extraction, error) {
	var e runtime.Extraction
	for range features {
		e.Features = append(e.Features, append([]float32(nil), img.Pixels...))
	}
	for _, g := range grams {
		e.Grams = append(e.Grams, fakeGram(img.Pixels, g.Scale))
	}
	return e, nil
}

// fakeGram is scale * F F^T of pixels as [3][n].
func fakeGram(pixels []float32, scale float32) []float32 {
	n := len(pixels) / 3
	g := make([]float32, 9)
	for i := range g {
		for k := range n {
			g[i] += scale * pixels[i/3*n+k] * pixels[i%3*n+k]
		}
	}
	return g
}

func (fakeModel) Prepare(o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	return &fakeEvaluator{o, pixels, gradient}, nil
}

type fakeEvaluator struct {
	objective        runtime.Objective
	pixels, gradient []float32
}

// Evaluate pulls the pixels to the content, and the style terms pull them to 0.
func (e *fakeEvaluator) Evaluate(ctx context.Context) (runtime.Losses, error) {
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

// labFile has what the lab report has, in small.
const labFile = `
title: A lab
about: What it is about
claims: [{says: All fell, tests: {fell: losses.last.total@transfers/* < 2 * losses.first.total@transfers/*}}, {says: Nobody knows, tests: {a: foo@depth/layer=1 < 1}}]
defaults: {preset: lab, content: lion.png, style: waves.png, image_size: 16, style_size: 16, iterations: 12, style_layers: [1, 4], style_weights: [2, 3]}
runs:
  - name: transfers/lion-waves
    title: The lion & <waves>
  - {name: transfers/lion-lion, style: lion.png}
  - name: ablations/tv
    title: More and less
    sweep: {tv_weight: [0, 5]}
    claims:
      - {says: It has <pixels>, where: section 2, note: by design, tests: {all: checker@*/* > -1, none: checker@transfers/lion-waves < -1}}
  - name: ablations/layers
    sweep: {style_layers: [[1], [4]]}
  - name: depth
    command: invert
    sweep: {layer: [1, 2, 10]}
`

// labFolder runs an experiment file and returns the folder of its results.
func labFolder(t *testing.T, file string) string {
	t.Helper()
	out, err := paintLab(t.TempDir(), file)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// paintLab runs an experiment file in a folder of its own.
func paintLab(dir, file string) (string, error) {
	path := filepath.Join(dir, "runs.yaml")
	err := errors.Join(
		writePicture(filepath.Join(dir, "lion.png"), 24, 16, 40),
		writePicture(filepath.Join(dir, "waves.png"), 20, 20, 200),
		os.WriteFile(path, []byte(file), 0o666))
	if err != nil {
		return "", err
	}
	e, err := experiment.Load(path, experiment.Setting{Network: fakeModel{}.Info()})
	if err != nil {
		return "", err
	}
	out := filepath.Join(dir, "lab-report")
	p, err := e.Plan(out, experiment.Request{Tool: record.Tool{Version: "test", LibraryVersion: "1.0", Threads: 1}})
	if err != nil {
		return "", err
	}
	return out, p.Run(context.Background(), fakeModel{}, experiment.Runner{Jobs: 2})
}

// writePicture draws noise: its rows, columns and channels all differ.
func writePicture(path string, w, h int, tint uint8) error {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x * 255 / w), uint8(y * 255 / h), tint + uint8(7*x*y), 255})
		}
	}
	return picture.Write(path, img)
}

// readReport reads a folder, which must give no warnings.
func readReport(t *testing.T, folder string) *Report {
	t.Helper()
	r, err := Read(nil, folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Warnings) > 0 {
		t.Fatal(r.Warnings)
	}
	return r
}

// find returns a run by its ID.
func (r *Report) find(t *testing.T, id string) *Painted {
	t.Helper()
	for _, run := range r.Runs {
		if run.ID == id {
			return run
		}
	}
	t.Fatalf("no run %q", id)
	return nil
}
