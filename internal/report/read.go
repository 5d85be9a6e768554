package report

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"unique"

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
	totals    totals
	kin       map[string]kin // by the parameters that are free; while references are looked for
	differing []string       // parameters of the runs, then as well
	ended     error          // of tell or of a manifest, while the page is written
	again     struct {       // what was read last of a run whose manifest is not kept
		sync.Mutex
		run      *Painted
		manifest *manifest
	}
}

// Progress is told how far reading runs and pictures, judging claims and writing rows are.
// The total is 0 if it is not known. An error ends the work.
type Progress func(what string, done, total int) error

// Painted is a run that was painted.
type Painted struct {
	ID       string // its path inside the folder, with slashes; of several folders behind the folder's label
	folder   *Folder
	place    string // its own folder, inside that
	name     string // that, or if it is the folder itself that of the manifest
	part     int    // of the story; the number of its parts if it is in none
	rank     int    // in the report
	finished int64  // in seconds since 1970
	origin   unique.Handle[origin]
	texts    texts
	kept     *manifest // nil of many runs: it is read again when it is asked for
	numbers  []float64 // of those, by the keys of the folder; NaN where there is none
}

// Read reads the stories of folders and the manifests below them. The error says if there
// are none in one; damaged ones are left out and told in Warnings. tell may be nil.
func Read(tell Progress, folders ...string) (*Report, error) {
	if tell == nil {
		tell = func(string, int, int) error { return nil }
	}
	r := &Report{tell: tell, sources: newSources(), totals: newTotals()}
	var err error
	if r.Folders, err = r.newFolders(folders); err != nil {
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
	if n := r.totals.unmeasured; n > 0 {
		r.warn(fmt.Errorf("%d of %d runs were painted before manifests held measures, and show none until they are painted again", n, len(r.Runs)))
	}
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
			r.totals.add(m)
			r.drop()
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

// drop lets the manifests go that are one too many to keep: of more runs than pictures stand in the page, all.
func (r *Report) drop() {
	if len(r.Runs) <= mostInside {
		return
	}
	for _, run := range slices.Backward(r.Runs) {
		if run.kept == nil {
			return
		}
		run.drop()
	}
}

// told is the story's part that a run is in; it says nothing of one that is in none.
func (r *Painted) told() story.Part {
	if parts := r.folder.story.Parts; r.part < len(parts) {
		return parts[r.part]
	}
	return story.Part{}
}

func (r *Report) warn(err error) {
	if err != nil {
		r.Warnings = append(r.Warnings, err.Error())
	}
}

// path is a file in the run's folder.
func (r *Painted) path(name string) string { return filepath.Join(r.folder.Path, r.place, name) }

// inverts reports whether the run is a feature inversion.
func (r *Painted) inverts() bool { return r.origin.Value().command == record.Invert }
