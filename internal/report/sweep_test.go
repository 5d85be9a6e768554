package report

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSweepsFindTheirReferenceAndKeys(t *testing.T) {
	tests := map[string]struct {
		file string
		want []string // name: reference; keys; labels in the order of the sheet
	}{
		"the lab report": {labFile, []string{
			"ablations/tv: transfers/lion-waves; tv_weight; TV weight 0.05 | TV weight 0 | TV weight 5",
			"ablations/layers: transfers/lion-waves; style_layers; style layers 1, 4 | style layer 1 | style layer 4",
			"depth: none; content_layer; layer 1 | layer 2 | layer 10",
		}},
		"the reference beside the sweep": {`
defaults: {preset: lab, content: lion.png, style: waves.png, image_size: 16, style_size: 16, iterations: 2, style_layers: [1], style_weights: [2]}
runs: [{name: reference}, {name: tv, sweep: {tv_weight: [0, 5]}}]`, []string{
			"tv: reference; tv_weight; TV weight 0.05 | TV weight 0 | TV weight 5",
		}},
		"the reference inside": {`
defaults: {preset: lab, content: lion.png, style: waves.png, image_size: 16, style_size: 16, iterations: 2, style_layers: [1], style_weights: [2]}
runs: [{name: a, seed: 3}, {name: reference}, {name: z, seed: 10}]`, []string{
			".: reference; seed; seed 0 | seed 3 | seed 10",
		}},
		"two keys": {`
defaults: {preset: lab, content: lion.png, style: waves.png, image_size: 16, style_size: 16, style_layers: [1], style_weights: [2]}
runs: [{name: both, sweep: {iterations: [10, 2], tv_weight: [1, 2]}}]`, []string{
			"both: both/tv_weight=1,iterations=2; tv_weight iterations; " +
				"TV weight 1, iterations 2 | TV weight 1, iterations 10 | TV weight 2, iterations 2 | TV weight 2, iterations 10",
		}},
		"a value that the reference has": {`
defaults: {preset: lab, content: lion.png, style: waves.png, image_size: 16, style_size: 16, iterations: 2, style_layers: [1], style_weights: [2]}
runs: [{name: reference}, {name: drawn, sweep: {coherence: [0, 1]}}]`, []string{
			"drawn: drawn/coherence=0; coherence; coherence 0 | coherence 1",
		}},
		"unlike pictures are no sweep": {`
defaults: {preset: lab, style: waves.png, image_size: 16, style_size: 16, iterations: 2, style_layers: [1], style_weights: [2]}
runs: [{name: a, content: lion.png}, {name: b, content: waves.png}]`, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := Read(nil, labFolder(t, test.file))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range r.Sweeps() {
				got = append(got, describe(s))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// Ten thousand families are not compared each with each, which would take minutes.
func TestManyFamilies(t *testing.T) {
	r := readReport(t, labFolder(t, labFile))
	began := time.Now()
	multiply(r, 10000)
	sweeps := r.Sweeps()
	if took := time.Since(began); took > 2*time.Minute {
		t.Errorf("%d runs took %s", len(r.Runs), took)
	}
	// The copies and their original, of which each differs from the first in its seed alone.
	reference := r.find(t, "transfers/lion-waves")
	if i := slices.IndexFunc(sweeps, func(s *Sweep) bool { return s.Name == "copy-9999" }); i < 0 || sweeps[i].Reference != reference {
		t.Errorf("the last of %d sweeps has another reference than %s", len(sweeps), reference.ID)
	}
}

func describe(s *Sweep) string {
	reference := "none"
	if s.Reference != nil {
		reference = s.Reference.ID
	}
	var labels []string
	for _, run := range s.all() {
		labels = append(labels, s.label(run))
	}
	return s.Name + ": " + reference + "; " + strings.Join(s.Keys, " ") + "; " + strings.Join(labels, " | ")
}

func TestNaturalOrder(t *testing.T) {
	sorted := []string{"", "a", "a/0.25", "a/0.5", "a/1", "a/1.", "a/02", "a/2", "a/10", "a/10b", "a/b", "b"}
	for i, a := range sorted {
		for j, b := range sorted {
			got := compareNaturally(a, b)
			if want := i - j; got < 0 != (want < 0) || got > 0 != (want > 0) {
				t.Errorf("compareNaturally(%q, %q) = %d", a, b, got)
			}
		}
	}
}
