package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zellige"
	"zellige/internal/experiment"
	"zellige/internal/parameter"
	"zellige/internal/record"
	"zellige/picture"
	"zellige/runtime"
)

// TestRunsAreForeseenAlike: runs that differ by values that do not count are foreseen once,
// and need what each of them needs by itself; others are foreseen one by one.
func TestRunsAreForeseenAlike(t *testing.T) {
	info := texturePlan(t, 1, 1, 64).Info
	for _, preset := range parameter.Presets() {
		for _, p := range parameter.All() {
			values, families := sweptOver(t, preset, p)
			if values == nil {
				continue
			}
			needs := foreseeRuns(t, info, fmt.Sprintf("defaults: {preset: %s, content: a.png, style: b.png, image_size: 96}\nruns: [{name: a, sweep: {%s: [%s]}}]", preset, p.Key(), strings.Join(values, ", ")))
			if len(needs.known) != families {
				t.Errorf("%s, %s: %d are foreseen of %q, want %d", preset, p.Key(), len(needs.known), values, families)
			}
		}
	}
}

// sweptOver are values of a parameter, nil for none, and how many of them differ in what
// they need.
func sweptOver(t *testing.T, preset string, p parameter.Parameter) (values []string, families int) {
	o, err := zellige.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	switch v := p.Value(&o).(type) {
	case uint64:
		return []string{"1", "2"}, 1
	case float64:
		if p.Name == "style-scale" {
			return []string{"1.5", "2.5"}, 2
		}
		if p.Set(&o, "0.3") == nil && o.Check(13) == nil { // a preset refuses the weights of another's loss
			return []string{"0.3", "0.7", "0.9"}, 1
		}
	case []float64:
		if len(v) > 1 {
			rest := strings.Repeat(", 3", len(v)-1)
			return []string{"[0.3" + rest + "]", "[0.7" + rest + "]", "[0" + rest + "]"}, 2
		}
	case int:
		if p.Name == "image-size" {
			return []string{"96", "128"}, 2
		}
	}
	return nil, 0
}

// foreseeRuns foresees the runs of a file, and compares with each by itself.
func foreseeRuns(t *testing.T, info *runtime.Info, file string) *planNeeds {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "runs.yaml")
	err := errors.Join(picture.Write(filepath.Join(dir, "a.png"), waves(150, 100)), picture.Write(filepath.Join(dir, "b.png"), waves(90, 120)),
		os.WriteFile(path, []byte(file), 0o666))
	if err != nil {
		t.Fatal(err)
	}
	e, err := experiment.Load(path, experiment.Setting{Network: info})
	if err != nil {
		t.Fatal(err)
	}
	needs := &planNeeds{jobs: 1, limit: 1 << 40, known: map[situation]runNeeds{}}
	p, err := e.Plan(filepath.Join(dir, "out"), experiment.Request{Look: needs.add})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Runs {
		in, err := r.Read(record.OpenFile)
		if err != nil {
			t.Fatal(err)
		}
		own, err := r.Plan(info, in.Pictures)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := needs.of(r), needs.foresee(own, 0); got != want {
			t.Errorf("%s: %+v is foreseen, by itself %+v", r.Name, got, want)
		}
	}
	return needs
}
