package report

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
	"unique"

	"zellige"
	"zellige/internal/record"
)

// manifest is what a run's manifest says, with its parameters as options.
type manifest struct {
	*record.Manifest
	Options zellige.Options
}

func newManifest(m *record.Manifest) (*manifest, error) {
	options, err := m.Recipe.Options()
	return &manifest{m, options}, err
}

// origin is what runs must have in common beside parameters to be compared.
type origin struct{ command, pictures string }

func (m *manifest) origin() unique.Handle[origin] {
	pictures := string(m.Recipe.Init)
	for _, role := range slices.Sorted(maps.Keys(m.Recipe.Pictures)) {
		pictures += " " + role + "=" + m.Recipe.Pictures[role].SHA256
	}
	return unique.Make(origin{m.Recipe.Command, pictures})
}

// drop keeps of the run's manifest no more than what all runs are ordered, compared and judged by.
func (r *Painted) drop() {
	r.numbers = make([]float64, len(r.folder.keys))
	for i, key := range r.folder.keys {
		_, x, ok := r.kept.field(key)
		if r.numbers[i] = x; !ok {
			r.numbers[i] = math.NaN()
		}
	}
	r.kept = nil
}

// manifest is the run's own, or what was read again. Where that cannot be, it is empty, and the report ends with the error.
func (r *Painted) manifest() *manifest {
	if r.kept != nil {
		return r.kept
	}
	again := &r.folder.report.again
	again.Lock() // thumbnails are made side by side
	defer again.Unlock()
	if again.run != r {
		m, err := r.read()
		if err != nil {
			m = &manifest{Manifest: &record.Manifest{}}
			r.folder.report.ended = cmp.Or(r.folder.report.ended, err)
		}
		again.run, again.manifest = r, m
	}
	return again.manifest
}

// read reads the run's manifest again.
func (r *Painted) read() (*manifest, error) {
	m, err := record.ReadManifest(r.path(record.ManifestFile))
	if err != nil {
		return nil, err
	}
	if m.Finished.Unix() != r.finished {
		return nil, fmt.Errorf("%s was painted again while the report was made; make the report again", r.ID)
	}
	return newManifest(m)
}

// totals are of all runs that were read.
type totals struct {
	seconds                              float64
	last                                 time.Time
	commands, presets, tools, processors map[string]bool
	unmeasured                           int
}

func newTotals() totals {
	return totals{commands: map[string]bool{}, presets: map[string]bool{}, tools: map[string]bool{}, processors: map[string]bool{}}
}

func (t *totals) add(m *record.Manifest) {
	t.seconds += m.Seconds
	if m.Finished.After(t.last) {
		t.last = m.Finished
	}
	if m.Measures == nil {
		t.unmeasured++
	}
	t.commands[m.Recipe.Command], t.presets[m.Recipe.Preset] = true, true
	e := m.Recipe.MadeBy
	t.tools[fmt.Sprintf("zellige %s, ONNX Runtime %s", e.Zellige, e.ONNXRuntime)] = true
	t.processors[fmt.Sprintf("%s, %s", e.Processor, threads(m.Threads))] = true
}
