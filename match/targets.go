package match

import (
	"context"
	"math"
	goruntime "runtime"
	"slices"

	"zellige/internal/once"
	"zellige/internal/parallel"
	"zellige/runtime"
)

// Target is what the features of a layer are to become.
type Target struct {
	Layer  int
	Values []float32 // [channels][positions of the layer's match grid]
	// Energy is the mean squared length of the styles' features: the unit of the
	// distances to the target.
	Energy float64
}

// Request says what [Targets] looks for.
type Request struct {
	Query     runtime.Image // the picture whose positions look for similar ones
	Styles    []Style
	Layers    []int
	Rotations bool // the styles' positions count in four directions
	// Content, [3][height*width], has the size of the query: its features have a part
	// in the targets.
	Content runtime.Image
	// Part is how much of the picture stays the content's, 0..1: faces and key patterns
	// first. Where masks leave a position to no style, all stays.
	Part float32
	// Kept keeps what is found in the styles for other requests; nil keeps nothing.
	Kept *once.Answers
}

// question is all that what is found in the styles depends on.
func (r *Request) question(refines bool) []any {
	q := []any{refines, r.Layers, r.Rotations}
	for _, s := range r.Styles {
		q = append(q, s.Image, s.Share)
	}
	return q
}

// Targets finds for every position of the query the nearest hypercolumn of the styles,
// and returns what the layers' features are to become for the picture to be made of those.
// At its own grid, a layer's target is the mean of what the positions of the common grid
// want.
//
// The errors are those of the network.
func Targets(ctx context.Context, n Network, r Request) ([]Target, error) {
	s, err := once.Ask(r.Kept, func() (*search, error) { return openSearch(ctx, n, r) }, r.question(false)...)
	if err != nil {
		return nil, err
	}
	nearest, err := nearestPatches(ctx, n, r, s.scales, s.banks)
	if err != nil {
		return nil, err
	}
	collect()
	content, err := n.MatchFeatures(ctx, r.Content, r.Layers)
	if err != nil {
		return nil, err
	}
	return r.mixAll(n.Info(), content, s.energy, nearest, s.banks), nil
}

// search is what [Targets] compares with: all that follows from the styles.
type search struct {
	energy energies
	scales []float64 // by layer
	banks  []*bank   // by style
}

func openSearch(ctx context.Context, n Network, r Request) (*search, error) {
	energy, err := matchEnergies(ctx, n, r)
	if err != nil {
		return nil, err
	}
	s := &search{energy, make([]float64, len(energy)), make([]*bank, len(r.Styles))}
	for i := range s.scales {
		s.scales[i] = math.Sqrt(energy.of(i))
	}
	for k, style := range r.Styles {
		if s.banks[k], err = newBank(ctx, n, style.Image, r.Layers, s.scales, r.Rotations, MostCandidates/len(r.Styles)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// collect has Go give back what was computed of, before as much again is needed: a few
// large slices, which takes no time.
func collect() { goruntime.GC() }

// matchEnergies are those of the styles' features at their match grids.
func matchEnergies(ctx context.Context, n Network, r Request) (energies, error) {
	energy := make(energies, len(r.Layers))
	for _, s := range r.Styles {
		features, err := n.MatchFeatures(ctx, s.Image, r.Layers)
		if err != nil {
			return nil, err
		}
		energy.add(n.Info(), r.Layers, features, s.Share)
	}
	return energy, nil
}

// mixAll makes the targets of the content's features.
func (r *Request) mixAll(info *runtime.Info, content [][]float32, energy energies, nearest []found, banks []*bank) []Target {
	grids, common := gridsOf(info, r.Layers, r.Query.Height, r.Query.Width)
	masks, covered := coverage(r.Styles, common.height, common.width)
	c := choose(nearest, r.Styles, masks)
	strange := strangeness(c, nearest, Neighbours, common.height, common.width)
	kept := r.kept(info)
	for i, g := range grids {
		if kept.layer == g.layer {
			kept.look(content[i], g.channels, g.height, g.width)
		}
	}
	targets := make([]Target, len(r.Layers))
	for i, g := range grids {
		targets[i] = Target{r.Layers[i], content[i], energy.of(i)}
		shares := kept.shares(g.reduce(slices.Clone(covered), common), g.reduce(slices.Clone(strange), common), g.height, g.width)
		mixIn(targets[i].Values, g, common, c, banks, i, shares)
	}
	return targets
}

// QueriesAtOnce bounds the memory of patches.
const QueriesAtOnce = 1 << 12

// nearestPatches are those of every position of the query's common grid, by style.
func nearestPatches(ctx context.Context, n Network, r Request, scales []float64, banks []*bank) ([]found, error) {
	vectors, common, err := queryVectors(ctx, n, r, scales)
	if err != nil {
		return nil, err
	}
	size := common.positions()
	nearest := make([]found, len(banks))
	for k := range nearest {
		nearest[k] = found{make([]int32, size), make([]float32, size)}
	}
	room := make([]float32, Neighbours*Dimensions*min(size, QueriesAtOnce))
	for first := 0; first < size; first += QueriesAtOnce {
		end := min(first+QueriesAtOnce, size)
		queries := runtime.Matrix{Channels: Neighbours * Dimensions, Positions: end - first, Values: room[:Neighbours*Dimensions*(end-first)]}
		patches(queries.Values, queries.Positions, 0, vectors, common, span(first, end))
		for k, b := range banks {
			if err := n.Nearest(ctx, queries, b.patches, nearest[k].index[first:end], nearest[k].score[first:end]); err != nil {
				return nil, err
			}
		}
	}
	for k, b := range banks {
		weave(common, b, vectors, nearest[k])
	}
	return nearest, nil
}

// queryVectors are the unit vectors [dimensions][positions] of the query's common grid.
func queryVectors(ctx context.Context, n Network, r Request, scales []float64) (vectors []float32, common grid, err error) {
	h, err := hypercolumnsOf(ctx, n, r.Query, r.Layers, scales)
	if err != nil {
		return nil, common, err
	}
	size := h.common.positions()
	m := runtime.Matrix{Channels: Dimensions, Positions: size, Values: h.projected}
	return h.projected, h.common, n.Unit(ctx, m, means(h.projected, Dimensions, size), h.projected)
}

// span is the numbers [first, end).
func span(first, end int) []int {
	numbers := make([]int, end-first)
	for i := range numbers {
		numbers[i] = first + i
	}
	return numbers
}

// mixIn moves values, features of the content at a layer's grid, to what was matched,
// by the shares.
func mixIn(values []float32, g, common grid, c choice, banks []*bank, layer int, shares []float32) {
	parallel.New(g.channels, func(low, high int) {
		wanted := make([]float32, common.positions())
		for channel := low; channel < high; channel++ {
			for p, k := range c.style {
				if wanted[p] = 0; k != none { // where there is none the share is 0
					candidates := banks[k].patches.Positions
					wanted[p] = banks[k].values[layer][channel*candidates+int(c.candidate[p])]
				}
			}
			own := plane(values, channel, g)
			for p, v := range g.reduce(wanted, common) {
				own[p] += shares[p] * (v - own[p])
			}
		}
	}).Run()
}
