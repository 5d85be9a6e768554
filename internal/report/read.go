package report

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"zellige"
	"zellige/internal/record"
	"zellige/internal/story"
)

// Report is what a folder of finished runs holds.
type Report struct {
	Folder   string
	Story    *story.Story // in what order the runs are told, and what is claimed of them
	Runs     []*Run       // in that order, then by path, layer=2 before layer=10
	Warnings []string     // what could not be read, and is not shown

	sources *sources
	byID    map[string]*Run
}

// Run is a finished run.
type Run struct {
	*record.Manifest
	ID      string // its path inside the folder, with slashes
	Options zellige.Options
	part    int // of the story; the number of its parts if it is in none

	texts map[string]string // of the parameters by key, once they were asked for
	tree  any               // of the manifest, once a claim asked for a number of it
}

// Read reads the story of a folder and the manifests below it. The error says if there is
// none; damaged ones are left out and told in Warnings.
func Read(folder string) (*Report, error) {
	manifests, damaged := record.Manifests(folder)
	if len(manifests) == 0 {
		return nil, errors.Join(fmt.Errorf("no finished run below %q; paint some with zellige run FILE --out %s", folder, folder), damaged)
	}
	r := &Report{Folder: folder, sources: newSources(), byID: map[string]*Run{}}
	r.warn(damaged)
	var err error
	r.Story, err = story.Read(folder)
	r.warn(err)
	for _, m := range manifests {
		run, err := readRun(folder, m)
		r.warn(err)
		if run != nil {
			run.part = r.partOf(run.ID)
			r.Runs, r.byID[run.ID] = append(r.Runs, run), run
		}
	}
	slices.SortStableFunc(r.Runs, func(a, b *Run) int { return cmp.Or(a.part-b.part, compareNaturally(a.ID, b.ID)) })
	r.warn(r.checkMeasures())
	return r, nil
}

// told is the story's part that a run is in; it says nothing of one that is in none.
func (r *Report) told(run *Run) story.Part {
	if run.part >= len(r.Story.Parts) {
		return story.Part{}
	}
	return r.Story.Parts[run.part]
}

// partOf is the story's part that a run belongs to: its own, or its sweep's.
func (r *Report) partOf(id string) int {
	i := slices.IndexFunc(r.Story.Parts, func(p story.Part) bool { return id == p.Name || strings.HasPrefix(id, p.Name+"/") })
	if i < 0 {
		return len(r.Story.Parts)
	}
	return i
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
	return fmt.Errorf("%d of %d runs were painted before manifests held measures and show none; zellige run FILE --force paints them again",
		unmeasured, len(r.Runs))
}

func (r *Report) warn(err error) {
	if err != nil {
		r.Warnings = append(r.Warnings, err.Error())
	}
}

func readRun(folder string, m *record.Manifest) (*Run, error) {
	options, err := m.Recipe.Options()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(m.Folder(), record.ManifestFile), err)
	}
	run := &Run{Manifest: m, ID: m.Name, Options: options}
	if id, err := filepath.Rel(folder, m.Folder()); err == nil && id != "." {
		run.ID = filepath.ToSlash(id)
	}
	return run, nil
}

// path is a file in the run's folder.
func (r *Run) path(name string) string { return filepath.Join(r.Folder(), name) }

// inverts reports whether the run is a feature inversion.
func (r *Run) inverts() bool { return r.Recipe.Command == record.Invert }
