package report

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"zellige/internal/parameter"
)

// family are the runs whose names share all but the last part.
type family struct {
	name string
	runs []*Painted
}

// family is the name of the run's family.
func (r *Painted) family() string { return path.Dir(r.ID) }

// families are in the order of their first run.
func (r *Report) families() []*family {
	var all []*family
	byName := map[string]*family{}
	for _, run := range r.Runs {
		name := run.family()
		f, ok := byName[name]
		if !ok {
			f = &family{name: name}
			byName[name] = f
			all = append(all, f)
		}
		f.runs = append(f.runs, run)
	}
	return all
}

// Sweep are runs that differ from one another in parameters only.
type Sweep struct {
	Name      string
	Runs      []*Painted // ordered by the parameters that vary
	Reference *Painted   // that they are compared with, one of them if it is as one outside; nil for inversions, which compare with the picture itself
	Keys      []string   // of the parameters that vary, the reference's included
}

// Sweeps returns the families that are sweeps. The reference of one is a run outside of
// it that differs from its runs in as few parameters, or else one inside of it.
func (r *Report) Sweeps() []*Sweep {
	var sweeps []*Sweep
	isReference := map[*Painted]bool{}
	r.kin, r.differing = map[string]kin{}, differing(r.Runs)
	for _, f := range r.families() {
		if s := r.sweepOf(f); s != nil {
			sweeps = append(sweeps, s)
			isReference[s.Reference] = true
		}
	}
	r.kin = nil // it is large
	// A lone run that others are compared with is not compared with one of them.
	return slices.DeleteFunc(sweeps, func(s *Sweep) bool { return len(s.Runs) == 1 && isReference[s.Runs[0]] })
}

// unit is what is shown together: a sweep, or a run that is in none.
type unit struct {
	*Sweep // nil of a run
	run    *Painted
}

// units are in the order of the runs.
func (r *Report) units() []unit {
	swept := map[*Painted]*Sweep{}
	for _, s := range r.Sweeps() {
		for _, run := range s.Runs {
			swept[run] = s
		}
	}
	var units []unit
	shown := map[*Sweep]bool{}
	for _, run := range r.Runs {
		s := swept[run]
		if s == nil || !shown[s] {
			units = append(units, unit{s, run})
		}
		shown[s] = true
	}
	return units
}

// sectionOf is the part of the page that a run is told in: the first part of its name.
func sectionOf(run *Painted) string {
	first, _, inside := strings.Cut(run.ID, "/")
	if !inside {
		return "pictures"
	}
	return first
}

// exhibit is a picture of a run in a page or in a contact sheet.
type exhibit struct {
	run         *Painted
	role        string // of the picture in the run's recipe; "" is the result
	label       string
	isReference bool
}

// exhibits are the reference, which for inversions is the picture itself, and what
// is compared with it.
func (s *Sweep) exhibits() []exhibit {
	var all []exhibit
	if s.Reference == nil {
		all = append(all, exhibit{s.Runs[0], roleContent, "the picture itself", true})
	}
	for _, run := range s.ordered() {
		all = append(all, exhibit{run, "", s.label(run), run == s.Reference})
	}
	return all
}

// exhibits are what the run was painted from, and what was painted.
func (r *Painted) exhibits() []exhibit {
	var all []exhibit
	for _, role := range r.pictured() {
		all = append(all, exhibit{run: r, role: role, label: stem(r.manifest().Recipe.Pictures[role].File)})
	}
	return append(all, exhibit{run: r, label: r.ID})
}

// sweepOf returns nil if the family is no sweep.
func (r *Report) sweepOf(f *family) *Sweep {
	first := f.runs[0]
	for _, run := range f.runs {
		if run.origin != first.origin {
			return nil
		}
	}
	s := &Sweep{Name: f.name}
	if !first.inverts() {
		s.Reference = r.referenceOf(f)
	}
	if i := slices.IndexFunc(f.runs, func(run *Painted) bool { return len(f.runs) > 1 && s.Reference.isTwinOf(run) }); i >= 0 {
		s.Reference, s.Runs = f.runs[i], slices.Clone(f.runs)
	} else {
		s.Runs = slices.DeleteFunc(slices.Clone(f.runs), func(run *Painted) bool { return run == s.Reference })
	}
	s.Keys = variedKeys(s.all())
	if len(s.Keys) == 0 {
		return nil
	}
	slices.SortStableFunc(s.Runs, s.order)
	return s
}

// isTwinOf reports whether another run has the same parameters.
func (r *Painted) isTwinOf(other *Painted) bool {
	return r != nil && r != other && r.kind(nil) == other.kind(nil)
}

// variedKeys are the parameters that are not the same in all runs, in the order of
// the command's help. The weights of style layers go with the layers.
func variedKeys(runs []*Painted) []string {
	varied := differing(runs)
	if slices.Contains(varied, keyStyleLayers) {
		varied = slices.DeleteFunc(varied, func(key string) bool { return key == keyStyleWeights })
	}
	return varied
}

// differing are all parameters that are not the same in all runs.
func differing(runs []*Painted) []string {
	var keys []string
	for _, p := range parameter.All() {
		key := p.Key()
		if slices.ContainsFunc(runs, func(run *Painted) bool { return run.parameter(key) != runs[0].parameter(key) }) {
			keys = append(keys, key)
		}
	}
	return keys
}

// all are the reference and then the others.
func (s *Sweep) all() []*Painted {
	if s.Reference == nil || slices.Contains(s.Runs, s.Reference) {
		return s.Runs
	}
	return append([]*Painted{s.Reference}, s.Runs...)
}

// ordered are all runs with the reference in its place among them.
func (s *Sweep) ordered() []*Painted {
	runs := slices.Clone(s.all())
	slices.SortStableFunc(runs, s.order)
	return runs
}

// order compares runs by what varies, numbers as numbers, lists by their length.
func (s *Sweep) order(a, b *Painted) int {
	for _, key := range s.Keys {
		if c := compareValues(a.parameter(key), b.parameter(key)); c != 0 {
			return c
		}
	}
	return 0
}

func compareValues(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX != nil || errY != nil:
		return cmp.Or(cmp.Compare(strings.Count(a, ","), strings.Count(b, ",")), strings.Compare(a, b))
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// The parameters that the report has something to say of.
const (
	keyTVWeight      = "tv_weight"
	keyContentWeight = "content_weight"
	keyContentLayer  = "content_layer"
	keyStyleLayers   = "style_layers"
	keyStyleWeights  = "style_weights"
)

// The measures that it orders runs by.
const (
	keyStyle9  = "measures.style_9"
	keyStyle12 = "measures.style_12"
)

// parameter is a value as people write it; "" if the run has no such parameter.
func (r *Painted) parameter(key string) string {
	if i, ok := parameterAt[key]; ok {
		return r.texts.at(i)
	}
	return ""
}

// parameterAt are the places of all parameters by key.
var parameterAt = map[string]int{}

func init() {
	for i, p := range parameter.All() {
		parameterAt[p.Key()] = i
	}
}

// label says what a run has that the others of its sweep have not.
func (s *Sweep) label(run *Painted) string {
	parts := make([]string, len(s.Keys))
	for i, key := range s.Keys {
		parts[i] = wordsOf(key, run) + " " + run.parameter(key)
	}
	return strings.Join(parts, ", ")
}

// wordsOf is a key as a label has it.
func wordsOf(key string, run *Painted) string {
	switch {
	case key == keyContentLayer && run.inverts():
		return "layer"
	case key == keyStyleLayers && !strings.Contains(run.parameter(key), ","):
		return "style layer"
	case key == keyTVWeight:
		return "TV weight"
	}
	return strings.ReplaceAll(key, "_", " ")
}
