package experiment

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"zellige/internal/file"
	"zellige/internal/record"
	"zellige/internal/story"
	"zellige/runtime"
)

// maxRuns bounds what one file describes.
const maxRuns = 100_000

// Experiment is what a file describes.
type Experiment struct {
	Path  string      // of the file
	Runs  []Run       // in the order of the file, sweeps expanded
	Story story.Story // what it says besides what to paint

	network *runtime.Info
}

// Run is one picture to paint.
type Run struct {
	record.Task
	Name  string // also its folder inside the output folder, with slashes
	Title string // what the file says it shows, may be empty
	Line  int    // in the file

	likeness likeness
}

// Setting is what Load must know besides the file.
type Setting struct {
	// Images is a folder whose files are taken instead of those of the
	// experiment's pictures folder with the same name; "" for none.
	Images string
	// Network is what the network says of itself.
	Network *runtime.Info
}

// Load reads and checks an experiment file. Everything that can be wrong before
// the first picture is opened is told at once: the error is a *[FileError], or
// says why the file cannot be read.
func Load(path string, s Setting) (*Experiment, error) {
	data, err := file.Read(path, maxFileBytes)
	if errors.Is(err, file.ErrLarge) {
		err = fmt.Errorf("%w; split it", err)
	}
	if err != nil {
		return nil, fmt.Errorf("experiment file %q: %w", path, err)
	}
	r, problems := parse(data, filepath.Dir(path), s)
	if err := problems.in(path); err != nil {
		return nil, err
	}
	r.story.Source = record.Hash(data)
	return &Experiment{Path: path, Runs: r.runs, Story: r.story, network: s.Network}, nil
}

// parse reads an experiment file that stands in folder.
func parse(data []byte, folder string, s Setting) (*reader, problems) {
	var p problems
	r := &reader{folder: folder, pictures: folder, setting: s, problems: &p, found: map[string]string{}}
	body := parseYAML(data, &p)
	if body == nil {
		if len(p) == 0 {
			p.add(0, "", "is empty; it needs runs: [{name: first}], or more of them")
		}
		return r, p
	}
	r.file(body)
	r.build()
	r.story.Parts = r.parts()
	return r, p
}

// reader turns the parts of one file into runs.
type reader struct {
	folder    string // of the file
	pictures  string // folder that pictures are relative to
	setting   Setting
	defaults  settings
	drafts    []draft
	runs      []Run
	story     story.Story
	allClaims []told // in the order of reading
	problems  *problems
	misread   problems // when the runs are built: those of reading

	found map[string]string // the paths of pictures; runs mostly share them
}

// file reads the top-level keys. Their order does not matter.
func (r *reader) file(body ast.Node) {
	known := []string{"title", "about", "claims", "pictures", "defaults", "runs"}
	hasRuns := false
	for _, e := range entries(body, "an experiment file", r.problems) {
		switch e.key {
		case "title":
			r.story.Title = r.text(e)
		case "about":
			r.story.About = r.text(e)
		case "claims":
			r.story.Claims = r.claims(e)
		case "pictures":
			r.picturesFolder(e)
		case "defaults":
			r.defaults = r.settings(entries(e.value, "defaults", r.problems))
		case "runs":
			hasRuns = true
			r.readRuns(e)
		default:
			r.problems.add(e.line, e.key, "is not a key that is known%s", r.topLevelHint(e.key, known))
		}
	}
	if !hasRuns && len(*r.problems) == 0 {
		r.problems.add(0, "runs", "is missing; it lists what to paint: [{name: first}]")
	}
}

func (r *reader) topLevelHint(key string, known []string) string {
	if hint := didYouMean(key, known); hint != "" {
		return hint
	}
	if slices.Contains(settingKeys(), key) {
		return "; put it under defaults"
	}
	return "; the top level has title, about, claims, pictures, defaults and runs"
}

func (r *reader) picturesFolder(e entry) {
	name, ok := scalar(e.value)
	if !ok || name == "" {
		r.problems.add(e.line, e.key, "is %s, must be a folder", kind(e.value))
		return
	}
	r.pictures = record.Within(r.folder, name)
	if info, err := os.Stat(r.pictures); (err != nil || !info.IsDir()) && r.setting.Images == "" {
		r.problems.add(e.line, e.key, "the folder %q does not exist; it is looked for relative to the file", r.pictures)
	}
}

// settings reads the keys that defaults, runs and sweep steps share.
func (r *reader) settings(list []entry) settings {
	s := settings{}
	for _, e := range list {
		if value, ok := r.readSetting(e); ok {
			s[e.key] = value
		}
	}
	r.checkLayerKeys(s)
	return s
}

// checkLayerKeys refuses a layer that is named twice.
func (r *reader) checkLayerKeys(s settings) {
	if layer, ok := s[keyLayer]; ok {
		if _, twice := s["content_layer"]; twice {
			r.problems.add(layer.line, keyLayer, "is the same as content_layer; give one of them")
		}
	}
}
