package experiment

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"zellige/internal/record"
	"zellige/picture"
)

// testTool stands for a library and a graph.
var testTool = record.Tool{Version: "test", Graph: record.Hash([]byte("graph")), Library: record.Hash([]byte("library")), LibraryVersion: "1.0", Threads: 1}

var testSetting = Setting{Network: fakeModel{}.Info()}

// folder makes a folder with two pictures and an experiment file, and returns the
// file's path.
func folder(t *testing.T, file string) string {
	t.Helper()
	dir := t.TempDir()
	writePicture(t, filepath.Join(dir, "lion.png"), 24, 16, 40)
	writePicture(t, filepath.Join(dir, "waves.png"), 20, 20, 200)
	path := filepath.Join(dir, "runs.yaml")
	writeText(t, path, file)
	return path
}

func writePicture(t *testing.T, path string, w, h int, tint uint8) {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x * 255 / w), uint8(y * 255 / h), tint, 255})
		}
	}
	if err := picture.Write(path, img); err != nil {
		t.Fatal(err)
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func load(t *testing.T, path string) *Experiment {
	t.Helper()
	e, err := Load(path, testSetting)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func plan(t *testing.T, path, out string, r Request) *Plan {
	t.Helper()
	if r.Tool.Version == "" {
		r.Tool = testTool
	}
	p, err := load(t, path).Plan(out, r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// events collects what is reported.
type events struct {
	sync.Mutex
	list []Event
}

func (e *events) add(event Event) {
	e.Lock()
	defer e.Unlock()
	e.list = append(e.list, event)
}

func (e *events) count(kind EventKind) (n int) {
	for _, event := range e.list {
		if event.Kind == kind {
			n++
		}
	}
	return n
}

func (e *events) warnings() (texts string) {
	for _, event := range e.list {
		texts += event.Text
	}
	return texts
}

// runAll runs a file to its end.
func runAll(t *testing.T, path, out string) *events {
	t.Helper()
	seen := &events{}
	p := plan(t, path, out, Request{})
	if err := p.Run(context.Background(), fakeModel{}, Runner{Tell: seen.add}); err != nil {
		t.Fatal(err)
	}
	return seen
}

// interruptAt cancels a run when it reaches an iteration.
func interruptAt(t *testing.T, p *Plan, iteration int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	err := p.Run(ctx, fakeModel{}, Runner{Tell: func(e Event) {
		if e.Kind == Stepped && e.Iteration == iteration {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
}

// logLines are the log's lines without the seconds.
func logLines(t *testing.T, parts ...string) string {
	t.Helper()
	var lines []string
	for line := range bytes.Lines(read(t, parts...)) {
		before, _, ok := strings.Cut(string(line), `,"seconds":`)
		if !ok {
			t.Errorf("log line without seconds: %s", line)
		}
		lines = append(lines, before)
	}
	return strings.Join(lines, "\n")
}

const smallFile = `
defaults: {preset: lab, content: lion.png, style: waves.png, image_size: 16, style_size: 16, iterations: 30, style_layers: [1, 4], style_weights: [2, 3]}
runs:
  - name: reference
  - name: tv
    sweep: {tv_weight: [0, 5]}
`
