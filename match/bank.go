package match

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"zellige/internal/parallel"
	"zellige/runtime"
)

// mostCandidates is how many positions of the styles are compared, all styles and
// rotations together. More than that are represented by as many drawn by lot, so the
// work grows with the picture and not with its square.
const mostCandidates = 1 << 13

// bank holds the positions of a style that may be matched.
type bank struct {
	patches runtime.Matrix // [neighbours*dimensions][candidates], unit vectors below each other
	values  [][]float32    // by layer, [channels][candidates]
}

// newBank keeps at most so many positions of a style and its rotations.
func newBank(ctx context.Context, n Network, image runtime.Image, layers []int, scales []float64, rotations bool, most int) (*bank, error) {
	images := turned(image, rotations)
	chosen := choosePositions(n.Info(), layers, images, most)
	parts := make([]*bank, len(images))
	for i, t := range images {
		h, err := hypercolumnsOf(ctx, n, t, layers, scales)
		if err != nil {
			return nil, err
		}
		parts[i] = h.keep(chosen[i])
	}
	b := join(parts)
	return b, b.normalise(ctx, n)
}

// choosePositions draws positions of the common grids of images, sorted.
func choosePositions(info *runtime.Info, layers []int, images []runtime.Image, most int) [][]int {
	var sizes []int
	for _, t := range images {
		_, common := gridsOf(info, layers, t.Height, t.Width)
		sizes = append(sizes, common.positions())
	}
	return draw(sizes, most, 0)
}

// draw chooses at most so many of numbered things that lie in several boxes of the
// given sizes, by lot and without repetition, others in every turn; all if they are no
// more.
func draw(sizes []int, most, turn int) [][]int {
	total := 0
	for _, n := range sizes {
		total += n
	}
	numbers := rand.New(rand.NewPCG(seed, uint64(turn))).Perm(total)
	numbers = numbers[:min(most, total)]
	slices.Sort(numbers)
	chosen := make([][]int, len(sizes))
	box, first := 0, 0
	for _, n := range numbers {
		for n-first >= sizes[box] {
			first += sizes[box]
			box++
		}
		chosen[box] = append(chosen[box], n-first)
	}
	return chosen
}

// keep gathers the patches and the features at positions of the common grid.
func (h *hypercolumns) keep(positions []int) *bank {
	b := &bank{patches: runtime.Matrix{Channels: neighbours * dimensions, Positions: len(positions),
		Values: patches(h.projected, h.common, positions)}}
	for i, g := range h.grids {
		rows, columns := enlarge(g.height, g.factor, h.common.height), enlarge(g.width, g.factor, h.common.width)
		values := make([]float32, g.channels*len(positions))
		parallel.New(g.channels, func(low, high int) {
			for c := low; c < high; c++ {
				from, to := plane(h.features[i], c, g), values[c*len(positions):]
				for k, p := range positions {
					to[k] = at(from, g.width, rows[p/h.common.width], columns[p%h.common.width])
				}
			}
		}).Run()
		b.values = append(b.values, values)
	}
	return b
}

// join puts the candidates of several banks beside each other.
func join(parts []*bank) *bank {
	b := &bank{}
	var all []runtime.Matrix
	for _, p := range parts {
		all = append(all, p.patches)
	}
	b.patches = beside(all)
	for i := range parts[0].values {
		all = all[:0]
		for _, p := range parts {
			m := p.patches.Positions
			if m > 0 {
				all = append(all, runtime.Matrix{Channels: len(p.values[i]) / m, Positions: m, Values: p.values[i]})
			}
		}
		b.values = append(b.values, beside(all).Values)
	}
	return b
}

// beside joins matrices of as many rows.
func beside(parts []runtime.Matrix) runtime.Matrix {
	joined := runtime.Matrix{Channels: parts[0].Channels}
	for _, p := range parts {
		joined.Positions += p.Positions
	}
	joined.Values = make([]float32, 0, joined.Channels*joined.Positions)
	for r := range joined.Channels {
		for _, p := range parts {
			joined.Values = append(joined.Values, p.Values[r*p.Positions:][:p.Positions]...)
		}
	}
	return joined
}

// normalise makes unit vectors of what the patches are made of.
func (b *bank) normalise(ctx context.Context, n Network) error {
	size := dimensions * b.patches.Positions
	own := neighbours / 2 * size // of the candidates themselves, not of their neighbours
	mean := means(b.patches.Values[own:][:size], dimensions, b.patches.Positions)
	for k := range neighbours {
		part := b.patches.Values[k*size:][:size]
		vectors := runtime.Matrix{Channels: dimensions, Positions: b.patches.Positions, Values: part}
		if err := n.Unit(ctx, vectors, mean, part); err != nil {
			return err
		}
	}
	return nil
}

// energies are the mean squared lengths of the features of styles, by layer, each
// style at its share.
func energies(ctx context.Context, n Network, styles []Style, features func(context.Context, runtime.Image) ([][]float32, error), layers []int) ([]float64, error) {
	sums := make([]float64, len(layers))
	for _, s := range styles {
		maps, err := features(ctx, s.Image)
		if err != nil {
			return nil, err
		}
		for i, l := range layers {
			positions := len(maps[i]) / n.Info().Layers[l].Channels
			square := 0.0
			for _, v := range maps[i] {
				square += float64(v) * float64(v)
			}
			sums[i] += s.Share * square / float64(positions)
		}
	}
	for i, e := range sums {
		sums[i] = max(e, math.SmallestNonzeroFloat32) // of a layer that sees nothing
	}
	return sums, nil
}
