package report

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"zellige/internal/record"
	"zellige/internal/story"
)

// Folder is a folder that runs were read from.
type Folder struct {
	Path   string
	label  string       // what its runs' IDs begin with; "" if it is the only folder
	story  *story.Story // in what order its runs are told, and what is claimed of them
	partAt map[string]int
	byName map[string]*Painted // by the name inside the folder
	texts  texts               // of the run before
	names  []string            // sorted, once a claim asked for several
	keys   []string            // of the numbers that runs are ordered and judged by
	report *Report
}

// newFolders gives folders labels that differ. The error says if one is inside another.
func (r *Report) newFolders(paths []string) ([]*Folder, error) {
	places := make([]string, len(paths))
	for i, p := range paths {
		places[i] = placeOf(p)
		for k, other := range places[:i] {
			if isInside(places[i], other) || isInside(other, places[i]) {
				return nil, fmt.Errorf("%q and %q are one folder or one is inside the other, and its runs would be shown twice; leave one of them out",
					paths[k], p)
			}
		}
	}
	names := labels(places)
	var folders []*Folder
	for i, p := range paths {
		f := &Folder{Path: p, report: r, byName: map[string]*Painted{}, partAt: map[string]int{}}
		if len(paths) > 1 {
			f.label = names[i]
		}
		folders = append(folders, f)
	}
	return folders, nil
}

// placeOf is where a folder is, without links if it is there.
func placeOf(folder string) string {
	if absolute, err := filepath.Abs(folder); err == nil {
		folder = absolute
	}
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		return real
	}
	return folder
}

func isInside(inner, outer string) bool {
	rel, err := filepath.Rel(outer, inner)
	return err == nil && filepath.IsLocal(rel)
}

// labels are the last parts of paths, as many as it takes to tell them apart: out, or
// monday-out and tuesday-out.
func labels(paths []string) []string {
	all := make([]string, len(paths))
	for depth, differ := 1, false; !differ; depth++ {
		seen := map[string]bool{}
		for i, p := range paths {
			parts := strings.Split(strings.Trim(filepath.ToSlash(p), "/"), "/")
			all[i] = strings.Join(parts[max(0, len(parts)-depth):], "-")
			if depth > maxDepth {
				all[i] += fmt.Sprintf("-%d", i+1)
			}
			seen[all[i]] = true
		}
		differ = len(seen) == len(paths) || depth > maxDepth
	}
	return all
}

// maxDepth is where labels give up and count: of a-b/c and a/b-c, say.
const maxDepth = 100

// readStory reads what is told of the folder's runs.
func (f *Folder) readStory() (err error) {
	f.story, err = story.Read(f.Path)
	claims := slices.Clone(f.story.Claims)
	for i, p := range slices.Backward(f.story.Parts) {
		f.partAt[p.Name] = i
		claims = append(claims, p.Claims...)
	}
	f.keys = append(story.Keys(claims), keyStyle9, keyStyle12)
	return err
}

// add makes a run of a manifest.
func (f *Folder) add(m *record.Manifest) (*Painted, error) {
	kept, err := newManifest(m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(m.Folder(), record.ManifestFile), err)
	}
	place, err := filepath.Rel(f.Path, m.Folder())
	if err != nil {
		return nil, err
	}
	place = strings.Clone(place) // it was a part of the whole path
	name, id := m.Name, f.label
	if place != "." {
		name = filepath.ToSlash(place)
		if id != "" {
			id = path.Join(id, name)
		}
	}
	if id == "" {
		id = name
	}
	run := &Painted{ID: id, folder: f, place: place, name: name, part: f.partOf(name), finished: m.Finished.Unix(),
		origin: kept.origin(), texts: kept.texts(f.texts), kept: kept}
	f.texts = run.texts
	f.byName[name] = run
	return run, nil
}

// partOf is the story's part that a run belongs to: its own, or its sweep's.
func (f *Folder) partOf(name string) int {
	part := len(f.story.Parts)
	for ; name != "." && name != "/"; name = path.Dir(name) {
		if i, ok := f.partAt[name]; ok {
			part = min(part, i)
		}
	}
	return part
}

// Matching has the signature of [story.Folder].
func (f *Folder) Matching(pattern string) []string {
	if f.names == nil {
		f.names = slices.Sorted(maps.Keys(f.byName))
	}
	fixed := pattern
	if i := strings.IndexAny(pattern, `*?[\`); i >= 0 {
		fixed = pattern[:i]
	}
	var names []string
	first, _ := slices.BinarySearch(f.names, fixed)
	for _, name := range f.names[first:] {
		if !strings.HasPrefix(name, fixed) {
			break
		}
		if ok, _ := path.Match(pattern, name); ok {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return f.byName[a].rank - f.byName[b].rank })
	return names
}

// Value has the signature of [story.Folder].
func (f *Folder) Value(name, key string) (float64, bool) {
	run := f.byName[name]
	if run == nil {
		return 0, false
	}
	_, x, ok := run.field(key)
	return x, ok
}
