package experiment

import (
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
)

func names(e *Experiment) []string {
	var list []string
	for _, r := range e.Runs {
		list = append(list, r.Name)
	}
	return list
}

func TestLoad(t *testing.T) {
	e := load(t, folder(t, smallFile))
	if want := []string{"reference", "tv/tv_weight=0", "tv/tv_weight=5"}; !slices.Equal(names(e), want) {
		t.Fatalf("runs %q, want %q", names(e), want)
	}
	o := e.Runs[2].Options
	if o.Objective.TVWeight != 5 || o.ImageSize != 16 || !slices.Equal(o.Objective.Style.Layers, []int{1, 4}) || o.Init != zellige.InitContent {
		t.Errorf("options %+v", o)
	}
	if s := e.Runs[0].Sources; len(s) != 2 || s[0].Role != "content" || filepath.Base(s[1].Path) != "waves.png" {
		t.Errorf("sources %+v", s)
	}
}

func TestSweeps(t *testing.T) {
	const head = "defaults: {preset: lab, content: lion.png, style: waves.png}\nruns:\n  - name: s\n    "
	tests := []struct {
		sweep string
		names []string
	}{
		{"sweep: {tv_weight: [0, 5e-2]}", []string{"s/tv_weight=0", "s/tv_weight=0.05"}},
		{"sweep: {seed: [1, 2], image_size: [32, 64]}",
			[]string{"s/image_size=32,seed=1", "s/image_size=32,seed=2", "s/image_size=64,seed=1", "s/image_size=64,seed=2"}},
		{"sweep: {style_layers: [[1], 4, [5, 7]]}", []string{"s/style_layers=1", "s/style_layers=4", "s/style_layers=5_7"}},
		{"sweep: [{tv_weight: 0}, {name: strong, tv_weight: 5}]", []string{"s/tv_weight=0", "s/strong"}},
		{"command: invert\n    sweep: {layer: [1, 2]}", []string{"s/layer=1", "s/layer=2"}},
		{"sweep:\n      style:\n      - waves.png\n      - ./lion.png", []string{"s/style=waves.png", "s/style=._lion.png"}},
	}
	for _, tt := range tests {
		if e := load(t, folder(t, head+tt.sweep)); !slices.Equal(names(e), tt.names) {
			t.Errorf("%s: runs %q, want %q", tt.sweep, names(e), tt.names)
		}
	}
}

func TestLayersByName(t *testing.T) {
	e := load(t, folder(t, "defaults: {preset: lab, content: lion.png, style: waves.png}\nruns:\n"+
		"  - {name: a, style_layers: [identity1, 4], content_layer: identity3}\n  - {name: b, command: invert, sweep: {layer: [identity2]}}\n"))
	if o := e.Runs[0].Options.Objective; !slices.Equal(o.Style.Layers, []int{1, 4}) || o.Content.Layer != 3 {
		t.Errorf("layers %v and %d, want 1, 4 and 3", o.Style.Layers, o.Content.Layer)
	}
	if r := e.Runs[1]; r.Name != "b/layer=2" || r.Options.Objective.Content.Layer != 2 {
		t.Errorf("run %q of layer %d", r.Name, r.Options.Objective.Content.Layer)
	}
}

// TestWeightsFollowLayers: layers picked from the inherited ones keep their weights.
func TestWeightsFollowLayers(t *testing.T) {
	e := load(t, folder(t, "defaults: {preset: lab, content: lion.png, style: waves.png}\nruns:\n"+
		"  - name: s\n    sweep: {style_layers: [[7], [5, 1]]}\n"))
	for i, want := range [][]float64{{4}, {20, 450000}} {
		if got := e.Runs[i].Options.Objective.Style.Weights; !slices.Equal(got, want) {
			t.Errorf("run %d: weights %v, want %v", i, got, want)
		}
	}
}

// TestOrderDoesNotMatter turns every mapping of a file around.
func TestOrderDoesNotMatter(t *testing.T) {
	a := load(t, folder(t, "pictures: .\ndefaults: {content: lion.png, style: waves.png, style_layers: 1, style_weights: 2, preset: lab}\n"+
		"runs:\n- {name: a, sweep: {tv_weight: [1, 2], seed: [3, 4]}}\n"))
	b := load(t, folder(t, "runs:\n- {sweep: {seed: [3, 4], tv_weight: [1, 2]}, name: a}\n"+
		"defaults: {preset: lab, style_weights: 2, style_layers: 1, style: waves.png, content: lion.png}\npictures: .\n"))
	if !slices.Equal(names(a), names(b)) {
		t.Fatalf("runs %q and %q", names(a), names(b))
	}
	for i := range a.Runs {
		if !reflect.DeepEqual(a.Runs[i].Options, b.Runs[i].Options) {
			t.Errorf("run %s: %+v and %+v", a.Runs[i].Name, a.Runs[i].Options, b.Runs[i].Options)
		}
	}
}

func TestPicturesAndImages(t *testing.T) {
	path := folder(t, "pictures: pics\ndefaults: {preset: lab, content: lion.png, style: sub/waves.png}\nruns:\n- name: a\n- {name: b, style: other.png}\n")
	dir := filepath.Dir(path)
	own := t.TempDir()
	for _, file := range []string{"lion.png", "sub/waves.png", "other.png"} {
		full := filepath.Join(dir, "pics", file)
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		writePicture(t, full, 16, 16, 1)
	}
	writePicture(t, filepath.Join(own, "waves.png"), 16, 16, 2)
	writePicture(t, filepath.Join(own, "other.tif"), 16, 16, 2)
	e, err := Load(path, Setting{Images: own, Network: fakeModel{}.Info()})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{e.Runs[0].Sources[0].Path, e.Runs[0].Sources[1].Path, e.Runs[1].Sources[1].Path}
	want := []string{filepath.Join(dir, "pics/lion.png"), filepath.Join(own, "waves.png"), filepath.Join(own, "other.tif")}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFilesAsEditorsWriteThem(t *testing.T) {
	for name, text := range map[string]string{
		"CRLF": strings.ReplaceAll(smallFile, "\n", "\r\n"), "BOM": "\ufeff" + smallFile, "document": "---\n" + smallFile + "...\n",
	} {
		if e := load(t, folder(t, text)); len(e.Runs) != 3 {
			t.Errorf("%s: runs %q", name, names(e))
		}
	}
}

func TestBadFiles(t *testing.T) {
	const head = "defaults: {preset: lab, content: lion.png, style: waves.png}\n"
	many := strings.TrimSuffix(strings.Repeat("1,", 317), ",")
	tests := []struct{ file, want string }{
		{"", "is empty"},
		{"# nothing\n", "is empty"},
		{"a: [1", ":1: is not YAML"},
		{head, "runs: is missing"},
		{head + "runs: []\n", "runs.yaml:2: runs: is a list, must be a list"},
		{head + "runs: 5\n", "must be a list such as"},
		{head + "runs:\n- name: a\n  tv_wieght: 5\n", "runs.yaml:4: tv_wieght: is not a key that is known; did you mean tv_weight?"},
		{head + "runs:\n- name: a\n  tv-weight: 5\n", "did you mean tv_weight?"},
		{"default: {a: 1}\nruns: [{name: a}]\n", ":1: default: is not a key that is known; did you mean defaults?"},
		{"tv_weight: 1\nruns: [{name: a}]\n", "put it under defaults"},
		{head + "runs:\n- name: a\n  image_size: big\n", ":4: image_size: is \"big\", must be a whole number"},
		{head + "runs:\n- name: a\n  image_size: [1, 2]\n", "only sweeps take several"},
		{head + "runs:\n- name: a\n  image_size: {a: 1}\n", "is keys with values, must be a value"},
		{head + "runs:\n- name: a\n  image_size:\n", ":4: image_size: is empty"},
		{head + "runs:\n- name: a\n  image_size: 4\n", ":4: image_size: is 4, must be 8 to"},
		{head + "runs:\n- name: a\n  tv_weight: .nan\n", ":4: tv_weight: is"},
		{head + "runs:\n- name: a\n  tv_weight: -1\n", ":4: tv_weight: is -1"},
		{head + "runs:\n- name: a\n  style_layers: [1, 2]\n", ":4: style_weights: has 4 weights for 2 style layers"},
		{head + "runs:\n- name: a\n  content_layer: 99\n", ":4: content_layer: is 99"},
		{head + "runs:\n- name: a\n  preset: labb\n", "did you mean lab?"},
		{head + "runs:\n- name: a\n  command: transfre\n", "did you mean transfer?"},
		{head + "runs:\n- name: a\n  layer: 3\n", "transfer calls it content_layer"},
		{head + "runs:\n- name: a\n  command: invert\n  style: waves.png\n", ":5: style: is not used by invert"},
		{head + "runs:\n- name: a\n  command: invert\n  layer: 3\n  content_layer: 3\n", "is the same as content_layer"},
		{head + "runs:\n- tv_weight: 1\n", ":3: name: is missing"},
		{head + "runs:\n- name: a\n- name: a\n", ":4: name: \"a\" is the name of the run in line 3 already"},
		{head + "runs:\n- name: Tv\n- name: tv\n", "same folder where case does not count"},
		{head + "runs:\n- name: \"é\"\n- name: \"e\u0301\"\n", "same folder"},
		{head + "runs:\n- name: a\n- name: a/b\n", "inside the folder of the run \"a\""},
		{head + "runs:\n- name: ../a\n", "would leave the output folder"},
		{head + "runs:\n- name: a/../../b\n", "would leave the output folder"},
		{head + "runs:\n- name: /a\n", "would leave the output folder"},
		{head + "runs:\n- name: 'a\\b'\n", "would leave the output folder"},
		{head + "runs:\n- name: 'C:a'\n", "cannot"},
		{head + "runs:\n- name: \"a\\0b\"\n", "cannot"},
		{head + "runs:\n- name: a//b\n", "empty part"},
		{head + "runs:\n- name: nul.x\n", "a device on Windows"},
		{head + "runs:\n- name: .lock\n", "begins or ends with a dot"},
		{head + "runs:\n- name: " + strings.Repeat("x", 200) + "\n", "the limit is 120"},
		{head + "runs:\n- name: a\n  sweep: {}\n", ":4: sweep: makes no run"},
		{head + "runs:\n- name: a\n  sweep: {tv_weight: []}\n", ":4: sweep: makes no run"},
		{head + "runs:\n- name: a\n  sweep: []\n", "makes 0 runs"},
		{head + "runs:\n- name: a\n  sweep: {tv_weight: 5}\n", "must be a list of values to sweep over"},
		{head + "runs:\n- name: a\n  sweep: {tv_weight: [5, 5.0]}\n", "made twice by the same sweep"},
		{head + "runs:\n- name: a\n  sweep: {tv_weigth: [5]}\n", "did you mean tv_weight?"},
		{head + fmt.Sprintf("runs:\n- name: a\n  sweep: {seed: [%s], tv_weight: [%s]}\n", many, many), "makes more than 100000 runs"},
		{head + "runs:\n- name: a\n  content: no.png\n", ":4: content: the picture \""},
		{"runs:\n- name: a\n  content: lion.png\n", "style: is missing: the run \"a\" needs a style picture"},
		{head + "runs:\n- name: a\n  init: no.png\n", ":4: init: the picture"},
		{"pictures: nowhere\n" + head + "runs: [{name: a}]\n", ":1: pictures: the folder"},
		{"defaults: &d {content: lion.png}\nruns: [{name: a}]\n", "not supported"},
		{head + "runs:\n- name: a\n---\nruns: []\n", "a second document"},
		{head + "runs: " + strings.Repeat("[", 100000), "nested more than 32 deep"},
		{head + "runs:\n" + strings.Repeat("- ", 100000) + "a", "nested more than 32 deep"},
	}
	for _, tt := range tests {
		_, err := Load(folder(t, tt.file), testSetting)
		var file *FileError
		if !errors.As(err, &file) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.200q:\n got %v\nwant %s", tt.file, err, tt.want)
		}
	}
}

// TestAllProblemsAtOnce: a file is mended in one go.
func TestAllProblemsAtOnce(t *testing.T) {
	_, err := Load(folder(t, "defaults: {content: lion.png, gram: mean}\nruns:\n- name: a\n  tv_weight: x\n- nam: b\n"), testSetting)
	for _, want := range []string{":1: gram:", ":4: tv_weight:", ":5: name: is missing", ":5: nam: is not a key"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
}

// TestNoFollowUps: one mistake is one problem, however many runs it spoils.
func TestNoFollowUps(t *testing.T) {
	for _, file := range []string{
		"defaults: {preset: lab, contnet: lion.png, style: waves.png}\nruns:\n- name: a\n- name: b\n",
		"defaults: {preset: lab, content: lion.png, style: waves.png, style_layers: x, style_weights: [1]}\nruns:\n- name: a\n- name: b\n",
		"defaults: {preset: lab, content: lion.png, style: waves.png, style_weights: [1]}\nruns:\n- name: a\n- name: b\n",
		"defaults: {preset: lab, content: lion.png, style: waves.png, init: no.png}\nruns:\n- name: a\n- name: b\n",
		"defaults: {preset: lab, content: lion.png, style: waves.png}\nruns:\n- sweep: {seed: [1, 2]}\n",
	} {
		_, err := Load(folder(t, file), testSetting)
		var e *FileError
		if !errors.As(err, &e) || len(e.Problems) != 1 {
			t.Errorf("%s: got %v", file, err)
		}
	}
}

// TestInversionHasItsOwnDefaults, those of the command.
func TestInversionHasItsOwnDefaults(t *testing.T) {
	e := load(t, folder(t, "defaults: {content: lion.png, command: invert}\nruns:\n- name: a\n- {name: b, preset: lab}\n"))
	if want := zellige.InversionOptions(); !reflect.DeepEqual(e.Runs[0].Options, want) {
		t.Errorf("got %+v, want %+v", e.Runs[0].Options, want)
	}
	if w := e.Runs[1].Options.Objective.Content.Weight; w != 7e-2 {
		t.Errorf("content weight %g of the preset lab", w)
	}
}

// TestHugeFiles are refused in little time and memory, whatever they hold.
func TestHugeFiles(t *testing.T) {
	const head = "defaults: {preset: lab, content: lion.png, style: waves.png}\nruns:\n"
	keys := ""
	for i := range 5000 { // the parser takes time with the square of them
		keys += fmt.Sprintf("  k%d: 1\n", i)
	}
	for name, file := range map[string]string{
		"keys":     head + "- name: a\n" + keys,
		"items":    head + strings.Repeat("- a\n", 100_000),
		"values":   head + "- name: a\n  sweep: {seed: [" + strings.Repeat("1,", 100_000) + "1]}\n",
		"names":    head + strings.Repeat("- {name: a}\n", 50_000),
		"brackets": "a: [" + strings.Repeat(",", 100_000) + "]",
		"aliases":  "a: &a [1]\nb: [" + strings.Repeat("*a,", 100_000) + "]",
		"colons":   strings.Repeat("a: ", 100_000),
		"tags":     "a: " + strings.Repeat("!a ", 100_000),
	} {
		var before, after goruntime.MemStats
		goruntime.ReadMemStats(&before)
		_, problems := parse([]byte(file), t.TempDir(), testSetting)
		goruntime.ReadMemStats(&after)
		if len(problems) == 0 || after.TotalAlloc-before.TotalAlloc > 1<<30 {
			t.Errorf("%s: %d problems, %d bytes allocated", name, len(problems), after.TotalAlloc-before.TotalAlloc)
		}
	}
}

func TestUnreadableFiles(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.yaml")
	writeText(t, big, strings.Repeat("#", maxFileBytes+1))
	for path, want := range map[string]string{dir: "it is a folder", filepath.Join(dir, "no.yaml"): "no such file", big: "larger than 524288"} {
		if _, err := Load(path, testSetting); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(smallFile))
	f.Add([]byte("runs:\n- name: a\n  command: invert\n  sweep: {layer: [1, 2], seed: [3]}\n"))
	f.Add([]byte("runs:\n- name: a\n  sweep: [{name: x, tv_weight: 0}, {style_layers: [1]}]\n"))
	f.Add([]byte("a: &a [*a]\n<<: *a\n? b\n: !!str c\nd: |\n  e\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		r, problems := parse(data, dir, testSetting)
		if len(problems) == 0 && (len(r.runs) == 0 || len(r.runs) > maxRuns) {
			t.Errorf("%d runs and no problem", len(r.runs))
		}
		for _, r := range r.runs {
			if len(problems) == 0 && (checkName(r.Name) != "" || !filepath.IsLocal(r.Name)) {
				t.Errorf("run %q leaves the folder", r.Name)
			}
		}
	})
}
