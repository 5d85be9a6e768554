package experiment

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"zellige"
	"zellige/internal/record"
	"zellige/internal/story"
)

// Status says what has to be done for a run.
type Status int

// The states of a run.
const (
	New         Status = iota // nothing is there
	Changed                   // something else is there
	Interrupted               // it was begun and can go on
	Done                      // nothing has to be done
)

func (s Status) String() string { return [...]string{"new", "changed", "interrupted", "done"}[s] }

// Request says which runs to plan.
type Request struct {
	Tool record.Tool
	// Only are patterns of path.Match, whole names, or parts of names; none takes all runs.
	Only []string
	// Shard is the part of these runs that is planned; nothing is read of the others.
	Shard Shard
	// Frames keeps every Frames-th picture; 0 keeps none.
	Frames int
	// Force does runs again that are done.
	Force bool
	// Anyway goes on with interrupted runs that another program, library, network or
	// machine began; their recipes say so.
	Anyway bool
	// Look, if not nil, is shown each run that has to be done, and how it, or the run that
	// it is like, is painted.
	Look func(*Planned, *zellige.Plan)
}

// Plan is what has to be done for an experiment in an output folder.
type Plan struct {
	Folder string
	Tool   record.Tool
	Frames int
	Runs   []*Planned

	isShard bool // no other process has these runs
	story   *story.Story
	sums    map[string]string // SHA-256 of the pictures, by path
}

// Planned is a run with what is there of it already.
type Planned struct {
	Run
	Recipe    record.Recipe // while it is compared or painted: it takes more memory than all else here
	Folder    string        // where it is, or will be
	Status    Status
	Why       string   // what changed; where it goes on, or why it does not
	Iteration int      // where an interrupted run goes on
	Like      *Planned // a run, perhaps itself, that takes the same sizes, memory and time to paint; nil if it is done

	force, anyway bool
	again         int // how often it was begun once more because files were gone
}

// Plan compares the runs with what is in the output folder, without changing
// anything. Pictures of runs that have to be done are opened, so that one that is
// damaged or does not fit the others shows now; the error is a *[FileError].
func (e *Experiment) Plan(folder string, r Request) (*Plan, error) {
	runs, err := choose(e.Runs, r.Only)
	if err != nil {
		return nil, err
	}
	runs = r.Shard.of(runs)
	p := &Plan{Folder: folder, Tool: r.Tool, Frames: r.Frames, isShard: r.Shard.Count > 0, story: &e.Story, sums: map[string]string{}}
	hashes := &pictureHashes{sums: p.sums, bad: map[string]bool{}}
	_, err = os.Stat(folder)
	isFresh := errors.Is(err, os.ErrNotExist) // so no run needs a look
	var found problems
	for _, run := range runs {
		planned := &Planned{Run: run, Folder: filepath.Join(folder, filepath.FromSlash(run.Name)), force: r.Force, anyway: r.Anyway}
		hashes.add(&planned.Run, &found)
		if !isFresh {
			p.look(planned)
		}
		p.Runs = append(p.Runs, planned)
	}
	p.checkPictures(e.network, hashes, r.Look, &found)
	return p, found.in(e.Path)
}

// PatternError says that Request.Only chooses no run.
type PatternError struct{ Pattern, Reason string }

func (e *PatternError) Error() string { return fmt.Sprintf("the pattern %q %s", e.Pattern, e.Reason) }

// choose returns the runs that a pattern chooses, in their order. Each has to choose one.
func choose(runs []Run, only []string) ([]Run, error) {
	if len(only) == 0 {
		return runs, nil
	}
	chosen := make([]bool, len(runs))
	for _, pattern := range only {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, &PatternError{pattern, "is not one: [ has no ]"}
		}
		if !mark(chosen, runs, pattern) {
			return nil, &PatternError{pattern, "matches no run; there are " + someNames(runs)}
		}
	}
	var list []Run
	for i, r := range runs {
		if chosen[i] {
			list = append(list, r)
		}
	}
	return list, nil
}

// mark chooses the run of a name, or else those that a pattern matches or is a part of.
func mark(chosen []bool, runs []Run, pattern string) (found bool) {
	if i := slices.IndexFunc(runs, func(r Run) bool { return r.Name == pattern }); i >= 0 {
		chosen[i] = true
		return true
	}
	part := partOfName(pattern)
	for i, r := range runs {
		if ok, _ := path.Match(pattern, r.Name); ok || part.MatchString(r.Name) {
			chosen[i], found = true, true
		}
	}
	return found
}

// partOfName matches names that a part is in. Numbers at its ends are whole: seed=1 is no
// part of seed=10 or seed=1.5.
func partOfName(part string) *regexp.Regexp {
	pattern := regexp.QuoteMeta(part)
	if leadingDigit.MatchString(part) {
		pattern = `(^|[^0-9.])` + pattern
	}
	if trailingDigit.MatchString(part) {
		pattern += `($|[^0-9.])`
	}
	return regexp.MustCompile(pattern)
}

var leadingDigit, trailingDigit = regexp.MustCompile(`^[0-9]`), regexp.MustCompile(`[0-9]$`)

func someNames(runs []Run) string {
	const most = 8
	var names []string
	for i, r := range runs {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more", len(runs)-most))
			break
		}
		names = append(names, r.Name)
	}
	return strings.Join(names, ", ")
}

// Pending are the runs that have to be done.
func (p *Plan) Pending() []*Planned {
	var pending []*Planned
	for _, r := range p.Runs {
		if r.Status != Done {
			pending = append(pending, r)
		}
	}
	return pending
}

// describe gives a run its recipe.
func (p *Plan) describe(r *Planned) { r.Recipe = record.NewRecipe(&r.Task, p.Tool, p.sums) }

// look finds out what is there of a run.
func (p *Plan) look(r *Planned) {
	defer func() { r.Recipe = record.Recipe{} }()
	r.Status, r.Why, r.Iteration = New, "", 0
	m, err := record.ReadManifest(r.Folder)
	switch {
	case err == nil && r.force:
		r.Status, r.Why = Changed, "asked for again"
	case err == nil:
		p.describe(r)
		r.Status, r.Why = r.compare(m, p.Frames)
	case !errors.Is(err, os.ErrNotExist):
		r.Status, r.Why = Changed, "its manifest is damaged or cannot be read"
	}
	if r.Status == Done {
		return
	}
	h, err := readStateHeader(filepath.Join(r.Folder, stateFile))
	if err != nil {
		return // it is told when the run begins
	}
	p.describe(r)
	if why := r.continues(h, p.Frames); why != "" {
		r.Why = strings.TrimPrefix(fmt.Sprintf("%s; begins anew, for what was interrupted at iteration %d differs: %s", r.Why, h.State.Iteration, why), "; ")
		return
	}
	r.Status, r.Iteration = Interrupted, h.State.Iteration
	r.Why = fmt.Sprintf("goes on at iteration %d of %d", h.State.Iteration, r.Options.Iterations)
}

// compare says whether a finished run is this one.
func (r *Planned) compare(m *record.Manifest, frames int) (Status, string) {
	if changes := record.Differences(m.Recipe.Intent(), r.Recipe.Intent()); len(changes) > 0 {
		return Changed, record.Describe(changes)
	}
	sum, err := record.HashFile(filepath.Join(r.Folder, m.Picture.File))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return Changed, m.Picture.File + " is missing"
	case err != nil:
		return Changed, err.Error()
	case sum != m.Picture.SHA256:
		return Changed, m.Picture.File + " is not the picture that was painted"
	case frames > 0 && m.Frames != frames:
		return Changed, fmt.Sprintf("frames %d -> %d", m.Frames, frames)
	}
	return Done, ""
}

// continues says why an interrupted run is not this one, "" if it is.
func (r *Planned) continues(h *saved, frames int) string {
	if asked := record.Differences(h.Recipe.Asked(), r.Recipe.Asked()); len(asked) > 0 {
		return record.Describe(asked)
	}
	if frames > 0 && h.Frames != frames {
		return fmt.Sprintf("frames %d -> %d", h.Frames, frames)
	}
	if painter := r.painter(h); painter != "" && !r.anyway {
		return painter + " (Request.Anyway goes on)"
	}
	return ""
}

// painter says what else paints the run now than before it was interrupted.
func (r *Planned) painter(h *saved) string {
	then, now := h.Recipe, r.Recipe
	then.Continued, now.Continued = nil, nil
	then.MadeBy.ONNXRuntime, now.MadeBy.ONNXRuntime = "", "" // the library's hash says more
	return record.Describe(record.Differences(then, now))
}
