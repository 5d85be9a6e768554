package report

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zellige/internal/record"
)

func TestThePageShowsTheMeasures(t *testing.T) {
	r := readReport(t, labFolder(t, labFile))
	run := r.find(t, "transfers/lion-waves")
	if layers := run.manifest().Measures.Layers; len(layers) != fakeLayers-1 || len(run.listed()) != 7+len(commonQuantities())+1 {
		t.Errorf("measured at %d layers, %d highlights", len(layers), len(run.highlights()))
	}
	inverted := r.find(t, "depth/layer=2")
	if n, _, ok := quantityColor.number(inverted); ok || n.Text != noNumber {
		t.Errorf("an inversion is %s from a style", n.Text)
	}
	if _, x, ok := quantityColorContent.number(inverted); !ok || x < 0 {
		t.Errorf("the colours of an inversion are off by %g, %t", x, ok)
	}
}

// Manifests that are older than the measures are shown, and what is missing is told.
func TestRunsWithoutMeasures(t *testing.T) {
	folder := labFolder(t, labFile)
	for _, run := range readReport(t, folder).Runs {
		run.manifest().Measures = nil
		if err := run.manifest().Write(run.path(record.ManifestFile)); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Read(nil, folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Warnings) != 1 || !strings.HasPrefix(r.Warnings[0], "9 of 9 runs were painted before") {
		t.Errorf("warnings: %q", r.Warnings)
	}
	var page strings.Builder
	if err := r.WriteHTML(&page, "."); err != nil {
		t.Error(err)
	}
}

// A picture that is gone or is another now is not shown.
func TestChangedPicturesAreTold(t *testing.T) {
	tests := map[string]struct {
		file   string // beside the folder
		change func(path string) error
		warns  string
	}{
		"style gone":      {"waves.png", os.Remove, "style picture waves.png is not shown"},
		"content changed": {"lion.png", func(path string) error { return os.WriteFile(path, []byte("x"), 0o666) }, "has changed since"},
		"result changed": {"lab-report/transfers/lion-waves/picture.png",
			func(path string) error { return os.WriteFile(path, []byte("x"), 0o666) }, "has changed since"},
		"log gone":         {"lab-report/transfers/lion-waves/log.jsonl", os.Remove, "log.jsonl"},
		"manifest damaged": {"lab-report/transfers/lion-waves/manifest.json", func(path string) error { return os.Truncate(path, 20) }, "damaged"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			folder := labFolder(t, labFile)
			if err := test.change(filepath.Join(filepath.Dir(folder), filepath.FromSlash(test.file))); err != nil {
				t.Fatal(err)
			}
			r, err := Read(nil, folder)
			if err != nil {
				t.Fatal(err)
			}
			var page strings.Builder
			if err := r.WriteHTML(&page, folder); err != nil {
				t.Fatal(err)
			}
			if _, err := r.ContactSheet(); err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(r.Warnings, "\n"); !strings.Contains(all, test.warns) {
				t.Errorf("warnings: %s", all)
			}
			if !strings.Contains(page.String(), "Not shown") {
				t.Error("the page does not tell")
			}
		})
	}
}

func TestAFolderWithoutRunsIsTold(t *testing.T) {
	for _, folder := range []string{t.TempDir(), filepath.Join(t.TempDir(), "missing")} {
		_, err := Read(nil, folder)
		if !errors.Is(err, ErrNoRuns) || !strings.Contains(err.Error(), folder) {
			t.Errorf("got %v", err)
		}
	}
}
