package report

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"zellige"
	"zellige/internal/record"
)

// Report is what a folder of finished runs holds.
type Report struct {
	Folder   string
	Runs     []*Run   // by path, layer=2 before layer=10
	Warnings []string // what could not be read, and is not shown

	sources *sources
}

// Run is a finished run.
type Run struct {
	*record.Manifest
	ID      string // its path inside the folder, with slashes
	Options zellige.Options
	Log     []record.LogLine // of its log, thinned if there are many; none if the log is gone
}

// Read reads the manifests and logs below a folder. The error says if there is
// none; damaged ones are left out and told in Warnings.
func Read(folder string) (*Report, error) {
	manifests, damaged := record.Manifests(folder)
	if len(manifests) == 0 {
		return nil, errors.Join(fmt.Errorf("no finished run below %q; paint some with zellige run FILE --out %s", folder, folder), damaged)
	}
	r := &Report{Folder: folder, sources: newSources()}
	r.warn(damaged)
	for _, m := range manifests {
		run, err := readRun(folder, m)
		r.warn(err)
		if run != nil {
			r.Runs = append(r.Runs, run)
		}
	}
	slices.SortStableFunc(r.Runs, func(a, b *Run) int { return compareNaturally(a.ID, b.ID) })
	r.warn(r.checkMeasures())
	return r, nil
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

// readRun returns a run without its log if only the log cannot be read.
func readRun(folder string, m *record.Manifest) (*Run, error) {
	options, err := m.Recipe.Options()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(m.Folder(), record.ManifestFile), err)
	}
	run := &Run{Manifest: m, ID: m.Name, Options: options}
	if id, err := filepath.Rel(folder, m.Folder()); err == nil && id != "." {
		run.ID = filepath.ToSlash(id)
	}
	run.Log, err = readLog(filepath.Join(m.Folder(), record.LogFile))
	return run, err
}

// path is a file in the run's folder.
func (r *Run) path(name string) string { return filepath.Join(r.Folder(), name) }

// inverts reports whether the run is a feature inversion.
func (r *Run) inverts() bool { return r.Recipe.Command == record.Invert }
