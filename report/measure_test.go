package report

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zellige/experiment"
)

func TestMeasuresAreKeptForThePicture(t *testing.T) {
	folder := labFolder(t, labFile)
	first := measured(t, folder)
	calls := 0
	again, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Measure(context.Background(), fakeModel{&calls}, nil); err != nil || calls != 0 {
		t.Errorf("measured again: %d extractions, %v", calls, err)
	}
	for i, run := range again.Runs {
		if string(run.Measures.json()) != string(first.Runs[i].Measures.json()) {
			t.Errorf("%s: other measures when read", run.ID)
		}
	}
}

func TestMeasuresOfAnotherPictureOrVersionAreNotUsed(t *testing.T) {
	folder := labFolder(t, labFile)
	r := measured(t, folder)
	tests := map[string]func(m *Measures){
		"another picture": func(m *Measures) { m.Picture = "0" },
		"another version": func(m *Measures) { m.Version++ },
	}
	for name, change := range tests {
		m := *r.Runs[0].Measures
		change(&m)
		if err := m.write(r.Runs[0].path(MeasuresFile)); err != nil {
			t.Fatal(err)
		}
		again, err := Read(folder)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(again.Unmeasured()); n != 1 {
			t.Errorf("%s: %d runs to measure, want 1", name, n)
		}
	}
	if err := os.WriteFile(r.Runs[0].path(MeasuresFile), []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if again, err := Read(folder); err != nil || len(again.Unmeasured()) != 1 {
		t.Errorf("damaged measures: %v", err)
	}
}

func TestMeasuresSayWhatWasPainted(t *testing.T) {
	r := measured(t, labFolder(t, labFile))
	m := r.find(t, "transfers/lion-waves").Measures
	if len(m.StyleDistance) != fakeLayers-1 || len(m.ContentDistance) != fakeLayers-1 {
		t.Errorf("measured at %d and %d layers", len(m.StyleDistance), len(m.ContentDistance))
	}
	mean, ok := m.meanContentDistance()
	if !ok || !near(mean, float64(m.ContentDistance[4])) {
		t.Errorf("the mean of equal layers is %g, not %g", mean, float64(m.ContentDistance[4]))
	}
	inverted := r.find(t, "depth/layer=2").Measures
	if inverted.StyleDistance != nil || inverted.SSIM == nil || math.IsNaN(float64(*inverted.SSIM)) {
		t.Errorf("inversion: %s", inverted.json())
	}
	same := r.find(t, "transfers/lion-lion").Measures
	if !math.IsNaN(float64(same.StyleDistance[1])) && float64(same.StyleDistance[1]) < 1 {
		t.Errorf("content and style alike: %s", same.json())
	}
}

// A picture that is gone or is another now is neither shown nor measured.
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
			r, err := Read(folder)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Measure(context.Background(), fakeModel{}, nil); err != nil {
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

func TestAFolderWithoutRunsSaysWhatToDo(t *testing.T) {
	for _, folder := range []string{t.TempDir(), filepath.Join(t.TempDir(), "missing")} {
		_, err := Read(folder)
		if err == nil || !strings.Contains(err.Error(), "zellige run") {
			t.Errorf("got %v", err)
		}
	}
}

func TestMeasuringCanBeCancelled(t *testing.T) {
	r, err := Read(labFolder(t, labFile))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	err = r.Measure(ctx, fakeModel{}, func(done, all int) {
		if done == 1 {
			cancel()
		}
		if all != 9 {
			t.Errorf("%d runs in all", all)
		}
	})
	if err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

func TestFindingsFollowTheNumbers(t *testing.T) {
	folder := labFolder(t, labFile)
	for _, test := range []struct {
		tv   [3]float64 // at weight 0, 0.05, 5
		want Verdict
	}{
		{[3]float64{9, 5, 1}, Holds},
		{[3]float64{9, 9, 1}, Fails},
		{[3]float64{1, 5, 9}, Fails},
		{[3]float64{9, math.NaN(), 1}, Fails},
	} {
		r := measured(t, folder)
		for i, id := range []string{"ablations/tv/tv_weight=0", "transfers/lion-waves", "ablations/tv/tv_weight=5"} {
			r.find(t, id).Measures.TV = experiment.Number(test.tv[i])
		}
		for _, s := range r.Sweeps() {
			if s.Name != "ablations/tv" {
				continue
			}
			if f := s.findings(); len(f) != 1 || f[0].Verdict != test.want {
				t.Errorf("%v: %+v", test.tv, f)
			}
		}
	}
}

func TestFindingsNeedAllMeasures(t *testing.T) {
	r, err := Read(labFolder(t, labFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Sweeps() {
		if f := s.findings(); len(f) > 0 {
			t.Errorf("%s: found %v without measuring", s.Name, f)
		}
	}
	var page strings.Builder
	if err := r.WriteHTML(&page, "."); err != nil {
		t.Error(err)
	}
}
