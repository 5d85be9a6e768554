package experiment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	goruntime "runtime"
	"slices"
	"strings"
	"testing"

	"zellige"
	"zellige/internal/record"
	"zellige/measure"
	"zellige/picture"
)

func TestRunLeavesAFolderForEachRun(t *testing.T) {
	path := folder(t, smallFile)
	out := filepath.Join(t.TempDir(), "new", "out")
	seen := runAll(t, path, out)
	if seen.count(Started) != 3 || seen.count(Finished) != 3 || seen.count(Stepped) != 90 {
		t.Errorf("%d started, %d finished, %d steps", seen.count(Started), seen.count(Finished), seen.count(Stepped))
	}
	for _, name := range []string{"reference", "tv/tv_weight=0", "tv/tv_weight=5"} {
		checkFolder(t, filepath.Join(out, name))
	}
	m, err := record.ReadManifest(filepath.Join(out, "tv", "tv_weight=5"))
	if err != nil {
		t.Fatal(err)
	}
	if string(m.Recipe.Parameters["tv_weight"]) != "5" || m.Name != "tv/tv_weight=5" || m.Iterations != 30 || m.Threads != 1 ||
		!filepath.IsAbs(m.Paths["content"]) || m.Picture.Width != 24 || m.Losses.First.Total == 0 || m.Losses.Last.Total == m.Losses.First.Total {
		t.Errorf("manifest %+v", m)
	}
	var all []*record.Manifest
	err = record.Manifests(out, func(m *record.Manifest) error {
		all = append(all, m)
		return nil
	})
	if err != nil || len(all) != 3 || all[0].Name != "reference" || all[0].Folder() != filepath.Join(out, "reference") {
		t.Errorf("%d manifests, %v", len(all), err)
	}
}

// checkFolder looks at a finished run.
func checkFolder(t *testing.T, dir string) {
	t.Helper()
	var files []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		files = append(files, e.Name())
	}
	if got := strings.Join(files, " "); got != "log.jsonl manifest.json picture.png" {
		t.Errorf("%s holds %s", dir, got)
	}
	if lines := strings.Count(string(read(t, dir, record.LogFile)), "\n"); lines != 30 {
		t.Errorf("%s: log has %d lines", dir, lines)
	}
	text, ok, err := picture.ReadText(filepath.Join(dir, record.PictureFile), record.RecipeKey)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	m, err := record.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(m.Recipe.JSON()) {
		t.Errorf("the picture's recipe %s is not the manifest's %s", text, m.Recipe.JSON())
	}
	if m.Picture.SHA256 != record.Hash(read(t, dir, record.PictureFile)) {
		t.Error("the manifest has another hash than the picture")
	}
	if strings.Contains(text, filepath.Dir(dir)) {
		t.Errorf("the recipe holds an absolute path: %s", text)
	}
}

func TestOnlyWhatChangedRunsAgain(t *testing.T) {
	path := folder(t, smallFile)
	out := t.TempDir()
	runAll(t, path, out)
	if seen := runAll(t, path, out); len(seen.list) != 0 {
		t.Errorf("nothing changed, but %v", seen.list)
	}
	writeText(t, path, strings.Replace(smallFile, "sweep: {tv_weight: [0, 5]}", "sweep: {tv_weight: [0, 5, 6]}\n    iterations: 31", 1))
	p := plan(t, path, out, Request{})
	for i, want := range []string{"done", "changed: iterations 30 -> 31", "changed: iterations 30 -> 31", "new"} {
		if got := strings.TrimSuffix(p.Runs[i].Status.String()+": "+p.Runs[i].Why, ": "); got != want {
			t.Errorf("run %s is %s, want %s", p.Runs[i].Name, got, want)
		}
	}
}

func TestWhatCountsAsChanged(t *testing.T) {
	tests := []struct {
		why    string
		change func(t *testing.T, dir, out string, r *Request)
	}{
		{"done: ", func(*testing.T, string, string, *Request) {}},
		{"done: ", func(_ *testing.T, _, _ string, r *Request) { r.Tool.Version, r.Tool.Threads = "next", 7 }},
		{"changed: library_sha256", func(_ *testing.T, _, _ string, r *Request) { r.Tool.Library = "other" }},
		{"changed: graph_sha256", func(_ *testing.T, _, _ string, r *Request) { r.Tool.Graph = "other" }},
		{"changed: pictures.style.sha256", func(t *testing.T, dir, _ string, _ *Request) {
			writePicture(t, filepath.Join(dir, "waves.png"), 20, 20, 201)
		}},
		{"changed: frames 0 -> 5", func(_ *testing.T, _, _ string, r *Request) { r.Frames = 5 }},
		{"changed: asked for again", func(_ *testing.T, _, _ string, r *Request) { r.Force = true }},
		{"changed: picture.png is missing", func(t *testing.T, _, out string, _ *Request) {
			if err := os.Remove(filepath.Join(out, "reference", record.PictureFile)); err != nil {
				t.Fatal(err)
			}
		}},
		{"changed: picture.png is not the picture", func(t *testing.T, _, out string, _ *Request) {
			writePicture(t, filepath.Join(out, "reference", record.PictureFile), 20, 20, 201)
		}},
		{"changed: its manifest is damaged", func(t *testing.T, _, out string, _ *Request) {
			writeText(t, filepath.Join(out, "reference", record.ManifestFile), `{"format": 1, "name": "refer`)
		}},
		{"new: ", func(t *testing.T, _, out string, _ *Request) {
			if err := os.Remove(filepath.Join(out, "reference", record.ManifestFile)); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		path, out, request := folder(t, smallFile), t.TempDir(), Request{Tool: testTool, Only: []string{"reference"}}
		runAll(t, path, out)
		tt.change(t, filepath.Dir(path), out, &request)
		r := plan(t, path, out, request).Runs[0]
		if got := r.Status.String() + ": " + r.Why; !strings.HasPrefix(got, tt.why) {
			t.Errorf("got %q, want %q", got, tt.why)
		}
	}
}

// TestLook: what is shown are the runs that have to be done, with their pictures, at
// the iteration where they go on.
func TestLook(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	if err := plan(t, path, out, Request{Only: []string{"reference"}}).Run(context.Background(), fakeModel{}, Runner{}); err != nil {
		t.Fatal(err)
	}
	interruptAt(t, plan(t, path, out, Request{Only: []string{"=5"}}), 20)
	var shown []string
	plan(t, path, out, Request{Look: func(r *Planned, p *zellige.Plan) {
		size := p.Pictures.Content.Bounds().Size()
		shown = append(shown, fmt.Sprintf("%s from %d of %v, %d styles", r.Name, r.Iteration, size, len(p.Styles)))
	}})
	if want := []string{"tv/tv_weight=0 from 0 of (24,16), 1 styles", "tv/tv_weight=5 from 21 of (24,16), 1 styles"}; !slices.Equal(shown, want) {
		t.Errorf("got %q, want %q", shown, want)
	}
}

func TestOnly(t *testing.T) {
	e := load(t, folder(t, smallFile))
	for only, want := range map[string]int{"": 3, "tv": 2, "tv/*": 2, "*": 1, "reference": 1, "=5": 1, "*/tv_weight=[05]": 2} {
		if p, err := e.Plan(t.TempDir(), Request{Only: []string{only}}); err != nil || len(p.Runs) != want {
			t.Errorf("%q: %v, %v, want %d runs", only, p, err, want)
		}
	}
	for only, want := range map[string]string{"x": "matches no run; there are reference, tv/tv_weight=0", "[": "is not one"} {
		if _, err := e.Plan(t.TempDir(), Request{Only: []string{only}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", only, err)
		}
	}
}

// TestInterruptedRunsEndInTheSameBytes interrupts at many iterations, several times
// a run, and with frames.
func TestInterruptedRunsEndInTheSameBytes(t *testing.T) {
	path := folder(t, smallFile)
	for _, frames := range []int{0, 7} {
		request := Request{Only: []string{"reference"}, Frames: frames}
		whole := t.TempDir()
		if err := plan(t, path, whole, request).Run(context.Background(), fakeModel{}, Runner{}); err != nil {
			t.Fatal(err)
		}
		for first := 1; first < 28; first += 4 {
			out := t.TempDir()
			interruptAt(t, plan(t, path, out, request), first)
			p := plan(t, path, out, request)
			if r := p.Runs[0]; r.Status != Interrupted || r.Iteration < first {
				t.Errorf("interrupted at %d: it is %v at %d", first, r.Status, r.Iteration)
			}
			interruptAt(t, p, first+1)
			if err := plan(t, path, out, request).Run(context.Background(), fakeModel{}, Runner{}); err != nil {
				t.Fatal(err)
			}
			comparePictures(t, fmt.Sprintf("interrupted at %d, frames %d", first, frames), filepath.Join(out, "reference"), filepath.Join(whole, "reference"))
		}
	}
}

func comparePictures(t *testing.T, what, got, want string) {
	t.Helper()
	if !bytes.Equal(read(t, got, record.PictureFile), read(t, want, record.PictureFile)) {
		t.Errorf("%s: another picture", what)
	}
	if logLines(t, got, record.LogFile) != logLines(t, want, record.LogFile) {
		t.Errorf("%s: another log", what)
	}
	if m, n := measuresOf(t, got), measuresOf(t, want); m == nil || !reflect.DeepEqual(m, n) {
		t.Errorf("%s: other measures, %+v and %+v", what, m, n)
	}
	a, _ := filepath.Glob(filepath.Join(got, record.FramesFolder, "*"))
	b, _ := filepath.Glob(filepath.Join(want, record.FramesFolder, "*"))
	if len(a) != len(b) {
		t.Errorf("%s: frames %q, want %q", what, a, b)
	}
	for i := range a {
		if !bytes.Equal(read(t, a[i]), read(t, b[i])) {
			t.Errorf("%s: frame %s differs", what, a[i])
		}
	}
}

func measuresOf(t *testing.T, folder string) *measure.Values {
	t.Helper()
	m, err := record.ReadManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	return m.Measures
}

// Manifests that were written before there were measures stay what they are.
func TestManifestsWithoutMeasures(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	runAll(t, path, out)
	m, err := record.ReadManifest(filepath.Join(out, "reference"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Measures == nil || m.Measures.SSIM == nil || m.Measures.TV == 0 || len(m.Measures.Layers) != fakeLayers-1 || m.Measures.Content != nil {
		t.Errorf("measures %+v", m.Measures)
	}
	m.Measures = nil
	if err := m.Write(filepath.Join(out, "reference", record.ManifestFile)); err != nil {
		t.Fatal(err)
	}
	if seen := runAll(t, path, out); len(seen.list) != 0 {
		t.Errorf("an old manifest is not done: %v", seen.list)
	}
}

func TestFrames(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	for _, tt := range []struct {
		frames int
		want   string
	}{{10, "0010.png 0020.png 0030.png"}, {14, "0014.png 0028.png"}, {0, "0014.png 0028.png"}, {99, ""}} {
		p := plan(t, path, out, Request{Only: []string{"reference"}, Frames: tt.frames})
		if err := p.Run(context.Background(), fakeModel{}, Runner{}); err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join(out, "reference", record.FramesFolder, "*"))
		for i := range files {
			files[i] = filepath.Base(files[i])
		}
		if got := strings.Join(files, " "); got != tt.want {
			t.Errorf("every %d: frames %q, want %q", tt.frames, got, tt.want)
		}
	}
}

func TestPictureThatChangesAfterThePlan(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	runAll(t, path, out)
	before := read(t, out, "reference", record.PictureFile)
	writeText(t, path, strings.Replace(smallFile, "iterations: 30", "iterations: 31", 1))
	p := plan(t, path, out, Request{})
	writePicture(t, filepath.Join(filepath.Dir(path), "lion.png"), 24, 16, 99)
	err := p.Run(context.Background(), fakeModel{}, Runner{})
	if err == nil || strings.Count(err.Error(), "has changed since the run was planned") != 3 {
		t.Errorf("got %v", err)
	}
	if !bytes.Equal(before, read(t, out, "reference", record.PictureFile)) {
		t.Error("the earlier picture is lost")
	}
}

func TestDamagedPictureShowsInThePlan(t *testing.T) {
	path := folder(t, smallFile)
	writeText(t, filepath.Join(filepath.Dir(path), "waves.png"), "no picture")
	_, err := load(t, path).Plan(t.TempDir(), Request{})
	var file *FileError
	if !errors.As(err, &file) || !strings.Contains(err.Error(), "waves.png") {
		t.Errorf("got %v", err)
	}
}

// TestOneFailureLeavesTheOthers: a run that cannot be painted does not stop those
// behind it.
func TestOneFailureLeavesTheOthers(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	writeText(t, filepath.Join(out, "reference"), "a file where the folder should be")
	seen := &events{}
	err := plan(t, path, out, Request{}).Run(context.Background(), fakeModel{}, Runner{Tell: seen.add, Jobs: 2})
	var run *RunError
	if !errors.As(err, &run) || run.Name != "reference" || seen.count(Finished) != 2 || seen.count(Failed) != 1 {
		t.Errorf("got %v, %d finished", err, seen.count(Finished))
	}
}

// TestInterruptionThatCannotBeSaved tells so.
func TestInterruptionThatCannotBeSaved(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	err := plan(t, path, out, Request{Only: []string{"reference"}}).Run(ctx, fakeModel{}, Runner{Tell: func(e Event) {
		if e.Kind == Stepped && e.Iteration == 5 {
			if err := os.Mkdir(filepath.Join(out, "reference", stateFile), 0o777); err != nil {
				t.Error(err)
			}
			cancel()
		}
	}})
	var run *RunError
	if !errors.As(err, &run) || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), stateFile) {
		t.Errorf("got %v", err)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	path, out := folder(t, smallFile), t.TempDir()
	if err := os.Chmod(out, 0o555); err != nil {
		t.Fatal(err)
	}
	err := plan(t, path, out, Request{}).Run(context.Background(), fakeModel{}, Runner{})
	if err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("got %v", err)
	}
}

// TestEngine notices that the same recipe comes to mean other pixels.
func TestEngine(t *testing.T) {
	if goruntime.GOARCH != "amd64" {
		t.Skip("other processors fuse multiplications and additions, so their last digits differ")
	}
	path, out := folder(t, smallFile+otherSchedules), t.TempDir()
	runAll(t, path, out)
	for name, want := range map[string]string{"reference": "75803c69f7303a6c", "fine": "1d96b36a2fb08ec2", "lbfgs": "82b07d3b0d555832", "coherent": "2688f3d7f1952b79"} {
		img, err := picture.Read(filepath.Join(out, name, record.PictureFile))
		if err != nil {
			t.Fatal(err)
		}
		if got := record.Hash([]byte(fmt.Sprint(img)))[:16]; got != want {
			t.Errorf("the run %s gives pixels %s, not %s as before; if that is meant, raise engine, so that earlier pictures are painted again", name, got, want)
		}
	}
}

func TestRecipeIsTheSameEverywhere(t *testing.T) {
	a, b := folder(t, smallFile), folder(t, smallFile)
	outA, outB := t.TempDir(), filepath.Join(t.TempDir(), "x")
	runAll(t, a, outA)
	p := plan(t, b, outB, Request{})
	p.Tool.Threads = 8
	if err := p.Run(context.Background(), fakeModel{}, Runner{Jobs: 3}); err != nil {
		t.Fatal(err)
	}
	comparePictures(t, "another folder, threads and jobs", filepath.Join(outB, "reference"), filepath.Join(outA, "reference"))
}
