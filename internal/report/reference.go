package report

import (
	"hash/maphash"
	"path"
	"slices"
	"strings"

	"zellige/internal/parameter"
)

// kin are the runs that agree in all parameters but some, by what they agree in.
type kin map[uint64]relatives

// relatives are the first such run, and the first that is of another family.
type relatives struct{ first, stranger *Painted }

// relativesOf are the runs of the same folder that differ from one in the parameters
// free at most. Each choice of free costs one look at all runs, so that thousands of
// families are not compared each with each.
func (r *Report) relativesOf(run *Painted, free ...string) relatives {
	choice := strings.Join(free, " ")
	k, ok := r.kin[choice]
	if !ok {
		k = kin{}
		for _, run := range r.Runs {
			k.add(run.kind(free), run)
		}
		r.kin[choice] = k
	}
	return k[run.kind(free)]
}

func (k kin) add(kind uint64, run *Painted) {
	have := k[kind]
	switch {
	case have.first == nil:
		have.first = run
	case have.stranger == nil && run.family() != have.first.family():
		have.stranger = run
	}
	k[kind] = have
}

// outside is the first of the relatives that is not in a family, nil if there is none.
func (k relatives) outside(family string) *Painted {
	if k.first != nil && k.first.family() == family {
		return k.stranger
	}
	return k.first
}

var kindSeed = maphash.MakeSeed()

// kind is a sum of all that makes runs comparable, and of the parameters that are not
// free. The weights of style layers go with the layers.
func (r *Painted) kind(free []string) uint64 {
	var sum maphash.Hash
	sum.SetSeed(kindSeed)
	write := func(text string) {
		_, _ = sum.WriteString(text) // cannot fail
		_ = sum.WriteByte(0)
	}
	write(r.folder.label)
	write(r.origin.Value().command)
	write(r.origin.Value().pictures)
	for _, p := range parameter.All() {
		if key := p.Key(); !slices.Contains(free, key) && !(key == keyStyleWeights && slices.Contains(free, keyStyleLayers)) {
			write(r.parameter(key))
		}
	}
	return sum.Sum64()
}

// referenceOf finds what a family is compared with: the first other run that differs
// from it in no more than the family itself varies, or in one parameter if it varies
// none. So runs that happen to share their pictures are not mistaken for a reference.
func (r *Report) referenceOf(f *family) *Painted {
	varied := variedKeys(f.runs)
	best := r.relativesOf(f.runs[0], varied...).outside(f.name)
	if best == nil && len(varied) == 0 {
		for _, key := range r.differing {
			run := r.relativesOf(f.runs[0], key).outside(f.name)
			if run != nil && (best == nil || run.rank < best.rank) {
				best = run
			}
		}
	}
	if best != nil {
		return best
	}
	named := slices.IndexFunc(f.runs, func(run *Painted) bool { return path.Base(run.ID) == "reference" })
	return f.runs[max(named, 0)]
}
