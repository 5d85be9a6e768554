package match

import (
	"context"
	"slices"

	"zellige/internal/parallel"
	"zellige/runtime"
)

// A layer is compared with some positions of the styles, drawn by lot, all styles and
// rotations together; with others in the next turn.
const (
	mostRefined = 1 << 11
	turns       = 2
)

// Refiner finds the nearest features of each layer by itself, at the layer's own grid.
type Refiner struct {
	network Network
	layers  []int
	styles  []Style
	Targets []Target // of features as they are, not averaged; [Refiner.Renew] overwrites their values
	content [][]float32
	banks   [turns][][]refinedBank // by turn, layer and style
	masks   [][][]float32          // by layer and style
	shares  [][]float32            // by layer, of what was matched at a position
}

// refinedBank holds candidates of a style at a layer.
type refinedBank struct {
	unit   runtime.Matrix // [channels][candidates]
	values []float32      // the features as they are
}

// NewRefiner prepares to refine pictures of the content's size. Of the request, the
// query does not count.
func NewRefiner(ctx context.Context, n Network, r Request) (*Refiner, error) {
	f := &Refiner{network: n, layers: r.Layers, styles: r.Styles}
	energy, err := energies(ctx, n, r.Styles, f.features, r.Layers)
	if err != nil {
		return nil, err
	}
	if f.content, err = f.features(ctx, r.Content); err != nil {
		return nil, err
	}
	kept, err := keptContent(ctx, n, r)
	if err != nil {
		return nil, err
	}
	for i, l := range r.Layers {
		height, width := n.Info().FeatureSize(l, r.Content.Height, r.Content.Width)
		masks, covered := coverage(r.Styles, height, width)
		f.masks, f.shares = append(f.masks, masks), append(f.shares, covered)
		f.Targets = append(f.Targets, Target{l, make([]float32, len(f.content[i])), energy[i]})
	}
	if err := f.openBanks(ctx, r.Rotations); err != nil {
		return nil, err
	}
	for i, l := range r.Layers {
		height, width := n.Info().FeatureSize(l, r.Content.Height, r.Content.Width)
		c, nearest, err := f.search(ctx, i, slices.Clone(f.content[i]), f.banks[0][i])
		if err != nil {
			return nil, err
		}
		f.shares[i] = kept.shares(f.shares[i], strangeness(c, nearest, 1, height, width), height, width)
	}
	return f, nil
}

func (f *Refiner) features(ctx context.Context, image runtime.Image) ([][]float32, error) {
	e, err := f.network.Extract(ctx, image, f.layers, nil)
	return e.Features, err
}

// openBanks draws the candidates of all styles.
func (f *Refiner) openBanks(ctx context.Context, rotations bool) error {
	for turn := range turns {
		f.banks[turn] = make([][]refinedBank, len(f.layers))
	}
	for _, s := range f.styles {
		images := turned(s.Image, rotations)
		features := make([][][]float32, len(images)) // by image and layer
		for t, image := range images {
			var err error
			if features[t], err = f.features(ctx, image); err != nil {
				return err
			}
		}
		for i := range f.layers {
			if err := f.openLayer(ctx, i, features); err != nil {
				return err
			}
		}
	}
	return nil
}

// openLayer draws candidates of a style, whose features are by image and layer, for a
// layer.
func (f *Refiner) openLayer(ctx context.Context, layer int, features [][][]float32) error {
	channels := f.network.Info().Layers[f.layers[layer]].Channels
	var sizes []int
	for _, of := range features {
		sizes = append(sizes, len(of[layer])/channels)
	}
	for turn := range turns {
		var parts []runtime.Matrix
		for t, positions := range draw(sizes, mostRefined/len(f.styles), turn) {
			parts = append(parts, columns(features[t][layer], channels, positions))
		}
		b, err := f.newBank(ctx, beside(parts))
		if err != nil {
			return err
		}
		f.banks[turn][layer] = append(f.banks[turn][layer], b)
	}
	return nil
}

// columns gathers those at positions from features [channels][positions].
func columns(features []float32, channels int, positions []int) runtime.Matrix {
	m := runtime.Matrix{Channels: channels, Positions: len(positions), Values: make([]float32, channels*len(positions))}
	all := len(features) / channels
	for c := range channels {
		from, to := features[c*all:], m.Values[c*len(positions):]
		for i, p := range positions {
			to[i] = from[p]
		}
	}
	return m
}

func (f *Refiner) newBank(ctx context.Context, values runtime.Matrix) (refinedBank, error) {
	b := refinedBank{unit: values, values: values.Values}
	b.unit.Values = make([]float32, len(values.Values))
	err := f.network.Unit(ctx, values, means(values.Values, values.Channels, values.Positions), b.unit.Values)
	return b, err
}

// Renew finds the targets of a picture as it is, layer by layer, and overwrites those
// that are there. The turn, from 0, decides which candidates count.
func (f *Refiner) Renew(ctx context.Context, picture runtime.Image, turn int) error {
	features, err := f.features(ctx, picture)
	if err != nil {
		return err
	}
	for i := range f.layers {
		if err := f.renew(ctx, i, features[i], f.banks[turn%turns][i]); err != nil {
			return err
		}
	}
	return nil
}

// renew finds the target of a layer. It overwrites the features.
func (f *Refiner) renew(ctx context.Context, layer int, features []float32, banks []refinedBank) error {
	c, _, err := f.search(ctx, layer, features, banks)
	if err == nil {
		f.mix(layer, c, banks)
	}
	return err
}

// search finds what is nearest to features of a layer, and overwrites them.
func (f *Refiner) search(ctx context.Context, layer int, features []float32, banks []refinedBank) (c choice, nearest []found, err error) {
	channels := f.network.Info().Layers[f.layers[layer]].Channels
	positions := len(features) / channels
	queries := runtime.Matrix{Channels: channels, Positions: positions, Values: features}
	if err := f.network.Unit(ctx, queries, means(features, channels, positions), features); err != nil {
		return c, nil, err
	}
	nearest = make([]found, len(f.styles))
	for k, b := range banks {
		nearest[k] = found{make([]int32, positions), make([]float32, positions)}
		if err := f.network.Nearest(ctx, queries, b.unit, nearest[k].index, nearest[k].score); err != nil {
			return c, nil, err
		}
	}
	return choose(nearest, f.styles, f.masks[layer]), nearest, nil
}

// mix overwrites a layer's target: matched features by their shares, and the content's.
func (f *Refiner) mix(layer int, c choice, banks []refinedBank) {
	channels := f.network.Info().Layers[f.layers[layer]].Channels
	positions := len(c.style)
	parallel.New(channels, func(low, high int) {
		for channel := low; channel < high; channel++ {
			to, content := f.Targets[layer].Values[channel*positions:][:positions], f.content[layer][channel*positions:][:positions]
			for p, k := range c.style {
				if to[p] = content[p]; k != none {
					b := &banks[k]
					to[p] += f.shares[layer][p] * (b.values[channel*b.unit.Positions+int(c.candidate[p])] - to[p])
				}
			}
		}
	}).Run()
}
