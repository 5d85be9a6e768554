package report

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// otherFile has runs of the same names with another preset.
const otherFile = `
title: Another
claims: [{says: It was painted, tests: {loss: losses.last.total@reference > 0}}]
defaults: {preset: gram, content: lion.png, style: waves.png, image_size: 16, style_size: 16, iterations: 2, scales: 1, style_layers: [1], style_weights: [2]}
runs: [{name: reference}, {name: tv, sweep: {tv_weight: [0, 5]}}]
`

func TestSeveralFolders(t *testing.T) {
	one, two := labFolder(t, strings.Replace(otherFile, "gram", "lab", 1)), labFolder(t, otherFile)
	r, err := Read(nil, one, two)
	if err != nil {
		t.Fatal(err)
	}
	labels := []string{r.Folders[0].label, r.Folders[1].label}
	var ids, sweeps []string
	for _, run := range r.Runs {
		ids = append(ids, run.ID)
	}
	for _, s := range r.Sweeps() {
		sweeps = append(sweeps, s.Name+" with "+s.Reference.ID)
	}
	var wantIDs, wantSweeps []string
	for _, l := range labels {
		if !strings.HasSuffix(l, "-lab-report") {
			t.Errorf("two folders called lab-report have the label %q", l)
		}
		wantIDs = append(wantIDs, l+"/reference", l+"/tv/tv_weight=0", l+"/tv/tv_weight=5")
		wantSweeps = append(wantSweeps, l+"/tv with "+l+"/reference")
	}
	if !slices.Equal(ids, wantIDs) || !slices.Equal(sweeps, wantSweeps) {
		t.Errorf("runs %q, sweeps %q", ids, sweeps)
	}
	base := t.TempDir()
	p := pageOf(t, r, base)
	if p.Title != "Another, Another" || p.Tally[0].Count != 2 || p.Facts[3].Text != "gram; lab" {
		t.Errorf("title %q, tally %v, facts %q", p.Title, p.Tally, p.Facts)
	}
	for _, f := range p.Appendix {
		if _, err := os.Stat(filepath.Join(base, filepath.FromSlash(f.Href))); err != nil {
			t.Error(err)
		}
	}
}

// Folders that each are a run are compared.
func TestRunsAsFolders(t *testing.T) {
	folder := filepath.Join(labFolder(t, otherFile), "tv")
	r, err := Read(nil, filepath.Join(folder, "tv_weight=0"), filepath.Join(folder, "tv_weight=5"))
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Sweeps(); len(s) != 1 || describe(s[0]) != ".: tv_weight=0; tv_weight; TV weight 0 | TV weight 5" {
		t.Errorf("%d sweeps: %+v", len(s), s)
	}
}

func TestAFolderInsideAnotherIsRefused(t *testing.T) {
	folder := labFolder(t, otherFile)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(folder, link); err != nil {
		t.Skip(err) // Windows asks for a privilege
	}
	for _, other := range []string{folder, filepath.Join(folder, "tv"), filepath.Dir(folder), link} {
		if _, err := Read(nil, folder, other); err == nil || !strings.Contains(err.Error(), "leave one of them out") {
			t.Errorf("%s beside %s: %v", other, folder, err)
		}
	}
}

func TestLabels(t *testing.T) {
	tests := []struct{ paths, want []string }{
		{[]string{"/out"}, []string{"out"}},
		{[]string{"/a/out", "/b"}, []string{"out", "b"}},
		{[]string{"/a/out", "/b/out", "/c"}, []string{"a-out", "b-out", "c"}},
		{[]string{"/x/a-b/c", "/x/a/b-c", "/x/a/b/c"}, []string{"x-a-b-c-1", "x-a-b-c-2", "x-a-b-c-3"}},
	}
	for _, test := range tests {
		if got := labels(test.paths); !slices.Equal(got, test.want) {
			t.Errorf("labels(%q) = %q, want %q", test.paths, got, test.want)
		}
	}
}
