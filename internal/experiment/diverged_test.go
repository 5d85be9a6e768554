package experiment

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zellige"
	"zellige/internal/record"
	"zellige/picture"
	"zellige/runtime"
)

// divergingModel is the fake model until some evaluation, whose loss is NaN.
type divergingModel struct {
	fakeModel
	at int
}

type divergingEvaluator struct {
	runtime.Evaluator
	left int
}

func (m divergingModel) Prepare(o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	e, err := m.fakeModel.Prepare(o, pixels, gradient)
	return &divergingEvaluator{e, m.at}, err
}

func (e *divergingEvaluator) Evaluate(ctx context.Context) (runtime.Losses, error) {
	l, err := e.Evaluator.Evaluate(ctx)
	if e.left--; e.left < 0 {
		l.Content[0] = float32(math.NaN())
	}
	return l, err
}

// TestDivergedRun: an earlier result stays, the last good picture is kept beside it
// until the run is painted, and the other runs go on.
func TestDivergedRun(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	runAll(t, path, out)
	before := string(read(t, out, "reference", record.PictureFile))
	writeText(t, path, strings.Replace(smallFile, "[2, 3]}", "[2, 4]}", 1))
	p := plan(t, path, out, Request{})
	seen := &events{}
	err := p.Run(context.Background(), divergingModel{at: 7}, Runner{Tell: seen.add})
	var diverged *zellige.DivergedError
	if !errors.As(err, &diverged) || diverged.Iteration != 7 || seen.count(Failed) != 3 {
		t.Fatalf("%d failures, %v", seen.count(Failed), err)
	}
	if !strings.Contains(err.Error(), "iteration 7: the content loss of layer") || !strings.Contains(err.Error(), "weights smaller") {
		t.Error(err)
	}
	if _, err := picture.Read(filepath.Join(out, "reference", record.DivergedFile)); err != nil {
		t.Error(err)
	}
	if string(read(t, out, "reference", record.PictureFile)) != before {
		t.Error("the earlier picture is lost")
	}
	runAll(t, path, out)
	if _, err := os.Stat(filepath.Join(out, "reference", record.DivergedFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the diverged picture stays beside the painted one: %v", err)
	}
}
