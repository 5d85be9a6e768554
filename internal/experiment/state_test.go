package experiment

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"zellige"
	"zellige/internal/record"
	"zellige/optimize"
)

func smallState() *saved {
	return &saved{
		State: zellige.State{Iteration: 7, Pixels: []float32{1, -2, 3}, Average: []float32{9, 0.5, 0}, Matched: []float32{2, 2, -1},
			Optimizer: optimize.State{Scalars: []float64{7, 1.0 / 3}, Vectors: [][]float32{{4, 5, 6}, {7, 8}}}},
		LogBytes: 11, Seconds: 1.5, First: &record.LossSums{Total: 2}, Frames: 3, Resumed: 1,
	}
}

func TestStateRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), stateFile)
	s := smallState()
	if err := s.write(path); err != nil {
		t.Fatal(err)
	}
	got, err := readState(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.State, s.State) || got.LogBytes != 11 || got.Seconds != 1.5 || got.First.Total != 2 || got.Frames != 3 || got.Resumed != 1 {
		t.Errorf("got %+v", got)
	}
}

// TestStateHoldsEverything: what a state gains must reach the file, and large
// numbers must be in numbers(), not in the header.
func TestStateHoldsEverything(t *testing.T) {
	s := zellige.State{Optimizer: optimize.State{Vectors: make([][]float32, 3)}}
	slices := 0
	for _, part := range []reflect.Type{reflect.TypeOf(s), reflect.TypeOf(s.Optimizer)} {
		for i := range part.NumField() {
			if !part.Field(i).IsExported() {
				t.Errorf("%s.%s is not exported, so it is lost", part, part.Field(i).Name)
			}
			switch part.Field(i).Type {
			case reflect.TypeOf([]float32{}):
				slices++
			case reflect.TypeOf([][]float32{}):
				slices += 3
			}
		}
	}
	if n := len(numbers(&s)); n != slices {
		t.Errorf("numbers gives %d slices of %d", n, slices)
	}
}

// TestDamagedState cuts a state file at every length and flips every byte.
func TestDamagedState(t *testing.T) {
	path := filepath.Join(t.TempDir(), stateFile)
	if err := smallState().write(path); err != nil {
		t.Fatal(err)
	}
	whole := read(t, path)
	for n := range whole {
		writeText(t, path, string(whole[:n]))
		if _, err := readState(path); !errors.Is(err, errTruncated) {
			t.Errorf("cut to %d of %d bytes: got %v", n, len(whole), err)
		}
		flipped := bytes.Clone(whole)
		flipped[n] ^= 0x40
		writeText(t, path, string(flipped))
		if _, err := readState(path); err == nil {
			t.Errorf("byte %d flipped: no error", n)
		}
	}
	writeText(t, path, string(whole)+"x")
	if _, err := readState(path); err == nil {
		t.Error("a byte too many: no error")
	}
}

// TestRunsWithDamagedStates start anew, say so and end in the same bytes.
func TestRunsWithDamagedStates(t *testing.T) {
	path, whole := folder(t, smallFile), t.TempDir()
	runAll(t, path, whole)
	tests := []struct {
		name, warning string
		damage        func(t *testing.T, dir string)
	}{
		{"truncated", "it is truncated", func(t *testing.T, dir string) {
			data := read(t, dir, stateFile)
			writeText(t, filepath.Join(dir, stateFile), string(data[:len(data)/2]))
		}},
		{"foreign", "it is no state file", func(t *testing.T, dir string) {
			writeText(t, filepath.Join(dir, stateFile), strings.Repeat("a text of somebody's", 9))
		}},
		{"empty", "it is truncated", func(t *testing.T, dir string) { writeText(t, filepath.Join(dir, stateFile), "") }},
		{"without log", "its log is missing", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, stateLogFile)); err != nil {
				t.Fatal(err)
			}
		}},
		{"with a short log", "its log is missing or truncated", func(t *testing.T, dir string) {
			if err := os.Truncate(filepath.Join(dir, stateLogFile), 10); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		out := t.TempDir()
		request := Request{Only: []string{"reference"}}
		interruptAt(t, plan(t, path, out, request), 12)
		tt.damage(t, filepath.Join(out, "reference"))
		seen := &events{}
		if err := plan(t, path, out, request).Run(context.Background(), fakeModel{}, Runner{Tell: seen.add}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(seen.warnings(), tt.warning) || !strings.Contains(seen.warnings(), "starts anew") {
			t.Errorf("%s: warned %q, want %q", tt.name, seen.warnings(), tt.warning)
		}
		comparePictures(t, tt.name, filepath.Join(out, "reference"), filepath.Join(whole, "reference"))
	}
}

// TestStateOfAnotherRecipe is not gone on from.
func TestStateOfAnotherRecipe(t *testing.T) {
	path, out, whole := folder(t, smallFile), t.TempDir(), t.TempDir()
	interruptAt(t, plan(t, path, out, Request{Only: []string{"reference"}}), 12)
	writeText(t, path, strings.Replace(smallFile, "style_size: 16", "style_size: 16, content_weight: 0.1", 1))
	runAll(t, path, whole)
	seen := runAll(t, path, out)
	if !strings.Contains(seen.warnings(), "it is of another run: content_weight 0.07 -> 0.1") {
		t.Errorf("warned %q", seen.warnings())
	}
	comparePictures(t, "state of another recipe", filepath.Join(out, "reference"), filepath.Join(whole, "reference"))
}

// TestStateOfAnotherProgram is told in the list, and gone on from if that is asked for.
// The recipe then says so, and the run counts as done.
func TestStateOfAnotherProgram(t *testing.T) {
	path, out, whole := folder(t, smallFile), t.TempDir(), t.TempDir()
	runAll(t, path, whole)
	interruptAt(t, plan(t, path, out, Request{Only: []string{"reference"}}), 12)
	newer := testTool
	newer.Version, newer.Library = "newer", "another"

	p := plan(t, path, out, Request{Only: []string{"reference"}, Tool: newer})
	const why = "what was interrupted at iteration 13 differs: library_sha256 "
	if r := p.Runs[0]; r.Status != New || !strings.Contains(r.Why, "begins anew, for "+why) || !strings.Contains(r.Why, "made_by.zellige test -> newer (Request.Anyway goes on)") {
		t.Errorf("%v: %s", r.Status, r.Why)
	}
	anyway := Request{Only: []string{"reference"}, Tool: newer, Anyway: true}
	p = plan(t, path, out, anyway)
	if r := p.Runs[0]; r.Status != Interrupted || r.Why != "goes on at iteration 13 of 30" {
		t.Errorf("%v: %s", r.Status, r.Why)
	}
	interruptAt(t, p, 20)
	if err := plan(t, path, out, anyway).Run(context.Background(), fakeModel{}, Runner{}); err != nil {
		t.Fatal(err)
	}
	m, err := record.ReadManifest(filepath.Join(out, "reference"))
	if err != nil || len(m.Recipe.Continued) != 1 || !strings.Contains(m.Recipe.Continued[0], "made_by.zellige test -> newer") || m.Resumed != 2 {
		t.Errorf("%v, %+v", err, m)
	}
	if got, want := logLines(t, out, "reference", record.LogFile), logLines(t, whole, "reference", record.LogFile); got != want {
		t.Errorf("log\n%s\nwant\n%s", got, want)
	}
	if p := plan(t, path, out, Request{Only: []string{"reference"}, Tool: newer}); p.Runs[0].Status != Done {
		t.Errorf("%v: %s", p.Runs[0].Status, p.Runs[0].Why)
	}
}

func FuzzDecodeState(f *testing.F) {
	path := filepath.Join(f.TempDir(), stateFile)
	if err := smallState().write(path); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(stateMagic + "\x02\x00\x00\x00{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decodeState(bytes.NewReader(data), int64(len(data)))
		if err == nil && len(s.State.Pixels)*bytesPerFloat > len(data) {
			t.Errorf("%d pixels out of %d bytes", len(s.State.Pixels), len(data))
		}
	})
}
