package experiment

import (
	"errors"
	"fmt"
	"slices"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/record"
	"zellige/runtime"
)

// pictureHashes are the SHA-256 sums of picture files, each read once.
type pictureHashes struct {
	sums map[string]string // by path
	bad  map[string]bool   // could not be read or decoded
}

func (h *pictureHashes) add(r *Run, p *problems) {
	for _, s := range r.Sources {
		if _, ok := h.sums[s.Path]; ok || h.bad[s.Path] {
			continue
		}
		sum, err := record.HashFile(s.Path)
		if err != nil {
			h.bad[s.Path] = true
			p.add(r.Line, zellige.RoleKind(s.Role), "picture %v", err)
			continue
		}
		h.sums[s.Path] = sum
	}
}

// checkPictures looks at the pictures of the runs that have to be done, and shows
// those that are fine to look. What was told of one run is not told of another.
func (p *Plan) checkPictures(network *runtime.Info, h *pictureHashes, look func(*Planned, *zellige.Plan), found *problems) {
	told := map[string]bool{}
	tell := func(r *Planned, key string, err error) {
		if text := key + err.Error(); !told[text] {
			told[text] = true
			found.add(r.Line, key, "%v", err)
		}
	}
	last, seen := recent{}, map[likeness]example{}
	for _, r := range p.Pending() {
		if h.anyBad(&r.Run) {
			continue
		}
		e, ok := seen[r.likeness]
		if !ok {
			if len(seen) == mostExamples || !last.has(&r.Run) {
				clear(seen) // a plan holds its pictures
			}
			painting, key, err := r.checkPictures(network, last.open)
			if err != nil {
				tell(r, key, err)
				painting = nil
			}
			e = example{r, painting}
			seen[r.likeness] = e
			last = last.of(&r.Run)
		}
		r.Like = e.run
		if look != nil && e.plan != nil {
			look(r, e.plan)
		}
	}
}

// example is a run and its plan, which is that of all runs of the same likeness; nil if they cannot be painted.
type example struct {
	run  *Planned
	plan *zellige.Plan
}

// mostExamples bounds how many are kept.
const mostExamples = 1000

// anyBad reports whether a picture of a run was told already.
func (h *pictureHashes) anyBad(r *Run) bool {
	return slices.ContainsFunc(r.Sources, func(s record.Source) bool { return h.bad[s.Path] })
}

// checkPictures plans a run that has to be done, or says what is wrong with its
// pictures and the key that is at fault.
func (r *Run) checkPictures(network *runtime.Info, open func(path string) (record.File, error)) (p *zellige.Plan, key string, err error) {
	for _, s := range r.Sources {
		if _, err := open(s.Path); err != nil {
			return p, zellige.RoleKind(s.Role), err
		}
	}
	in, err := r.Read(open)
	if err == nil {
		p, err = r.Plan(network, in.Pictures)
	}
	var refused *zellige.PictureError
	if errors.As(err, &refused) {
		return p, zellige.RoleKind(refused.Picture), r.nameFile(err)
	}
	if option := parameter.ErrorIn(err); option != nil {
		return p, option.Key(), errors.New(option.Reason)
	}
	return p, "", err
}

// recent are the pictures that were opened last, by path: runs mostly share them.
type recent map[string]record.File

func (f recent) open(path string) (record.File, error) {
	if opened, ok := f[path]; ok {
		return opened, nil
	}
	opened, err := record.OpenFile(path)
	if err == nil {
		f[path] = opened
	}
	return opened, err
}

// has reports whether all pictures of a run are among them.
func (f recent) has(r *Run) bool {
	return !slices.ContainsFunc(r.Sources, func(s record.Source) bool { _, ok := f[s.Path]; return !ok })
}

// of returns those of a run.
func (f recent) of(r *Run) recent {
	kept := recent{}
	for _, s := range r.Sources {
		if opened, ok := f[s.Path]; ok {
			kept[s.Path] = opened
		}
	}
	return kept
}

// nameFile adds the file's name to an error about one of the pictures.
func (r *Run) nameFile(err error) error { return r.Sources.NameFile(err, "%s picture %q %s") }

// unchanged reports whether pictures with the given sums are those of the recipe.
func (r *Planned) unchanged(sums map[string]string) error {
	for _, s := range r.Sources {
		if sums[s.Path] != r.Recipe.Pictures[s.Role].SHA256 {
			return fmt.Errorf("%s picture %q has changed since the run was planned; run again", zellige.RoleKind(s.Role), s.Path)
		}
	}
	return nil
}
