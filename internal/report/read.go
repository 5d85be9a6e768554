package report

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"zellige"
	"zellige/internal/record"
	"zellige/internal/story"
)

// Report is what folders of finished runs hold.
type Report struct {
	Folders  []*Folder
	Runs     []*Painted // folder by folder, in the order of its story, then by path, layer=2 before layer=10
	Warnings []string   // what could not be read, and is not shown

	tell      Progress
	sources   *sources
	texts     map[string]string // of parameters, each once
	kin       map[string]kin    // by the parameters that are free; while references are looked for
	differing []string          // parameters of the runs, then as well
	ended     error             // of tell, while the page is written
}

// Progress is told how far reading runs and pictures, judging claims and writing rows are.
// The total is 0 if it is not known. An error ends the work.
type Progress func(what string, done, total int) error

// Painted is a run that was painted, read back from its manifest.
type Painted struct {
	*record.Manifest
	ID      string // its path inside the folder, with slashes; of several folders behind the folder's label
	Options zellige.Options
	folder  *Folder
	name    string // inside the folder
	part    int    // of the story; the number of its parts if it is in none
	rank    int    // in the report

	texts []string // of the parameters, once they were asked for
}

// Read reads the stories of folders and the manifests below them. The error says if there
// are none in one; damaged ones are left out and told in Warnings. tell may be nil.
func Read(tell Progress, folders ...string) (*Report, error) {
	if tell == nil {
		tell = func(string, int, int) error { return nil }
	}
	r := &Report{tell: tell, sources: newSources(), texts: map[string]string{}}
	var err error
	if r.Folders, err = newFolders(folders); err != nil {
		return nil, err
	}
	for _, f := range r.Folders {
		if err := r.read(f); err != nil {
			return nil, err
		}
	}
	for i, run := range r.Runs {
		run.rank = i
	}
	r.warn(r.checkMeasures())
	return r, nil
}

// ErrNoRuns says that there is nothing to report.
var ErrNoRuns = errors.New("no finished run")

// read adds the runs of a folder.
func (r *Report) read(f *Folder) error {
	before, found := len(r.Runs), 0
	var ended error
	r.warn(f.readStory())
	damaged := record.Manifests(f.Path, func(m *record.Manifest) error {
		found++
		run, err := f.add(m)
		r.warn(err)
		if run != nil {
			r.Runs = append(r.Runs, run)
			r.slim(run)
		}
		ended = r.tell("runs read", before+found, 0)
		return ended
	})
	if ended != nil {
		return ended
	}
	if found == 0 {
		return errors.Join(fmt.Errorf("%w below %q", ErrNoRuns, f.Path), damaged)
	}
	r.warn(damaged)
	slices.SortStableFunc(r.Runs[before:], func(a, b *Painted) int { return cmp.Or(a.part-b.part, compareNaturally(a.ID, b.ID)) })
	return nil
}

// slim leaves out of a run of a large report what the page does not need, and shares what
// the run before has as well: thousands are in memory.
func (r *Report) slim(run *Painted) {
	if !r.isLarge() {
		return
	}
	run.parameter("") // keeps the texts
	for i, text := range run.texts {
		if _, ok := r.texts[text]; !ok {
			r.texts[text] = text
		}
		run.texts[i] = r.texts[text]
	}
	before := r.Runs[len(r.Runs)-2]
	if maps.Equal(run.Paths, before.Paths) {
		run.Paths = before.Paths
	}
	if maps.Equal(run.Recipe.Pictures, before.Recipe.Pictures) {
		run.Recipe.Pictures = before.Recipe.Pictures
	}
	if run.Recipe.MadeBy == before.Recipe.MadeBy {
		run.Recipe.MadeBy = before.Recipe.MadeBy
	}
	run.Recipe.Parameters, run.Recipe.Graph, run.Recipe.Library = nil, "", "" // the options have the parameters
}

// told is the story's part that a run is in; it says nothing of one that is in none.
func (r *Painted) told() story.Part {
	if parts := r.folder.story.Parts; r.part < len(parts) {
		return parts[r.part]
	}
	return story.Part{}
}

// checkMeasures tells of runs whose manifests are older than the measures.
func (r *Report) checkMeasures() error {
	unmeasured := 0
	for _, run := range r.Runs {
		if run.Measures == nil {
			unmeasured++
		}
	}
	if unmeasured == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d runs were painted before manifests held measures, and show none until they are painted again",
		unmeasured, len(r.Runs))
}

func (r *Report) warn(err error) {
	if err != nil {
		r.Warnings = append(r.Warnings, err.Error())
	}
}

// path is a file in the run's folder.
func (r *Painted) path(name string) string { return filepath.Join(r.Folder(), name) }

// inverts reports whether the run is a feature inversion.
func (r *Painted) inverts() bool { return r.Recipe.Command == record.Invert }
