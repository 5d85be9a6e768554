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
	MostRefined = 1 << 11
	Draws       = 2
)

// Refiner finds the nearest features of each layer by itself, at the layer's own grid.
type Refiner struct {
	network Network
	layers  []int
	styles  []Style
	Targets []Target // of features as they are, not averaged; [Refiner.Renew] overwrites their values
	content [][]float32
	banks   [Draws][][]refinedBank // by turn, layer and style
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
	energy, err := f.openBanks(ctx, r.Rotations)
	if err != nil {
		return nil, err
	}
	collect()
	kept, err := keptContent(ctx, n, r)
	if err != nil {
		return nil, err
	}
	f.content = f.room(r.Content.Height, r.Content.Width)
	if err := n.Features(ctx, r.Content, f.layers, f.content); err != nil {
		return nil, err
	}
	for i, l := range r.Layers {
		f.Targets = append(f.Targets, Target{l, slices.Clone(f.content[i]), energy.of(i)})
		height, width := n.Info().FeatureSize(l, r.Content.Height, r.Content.Width)
		masks, covered := coverage(r.Styles, height, width)
		f.masks = append(f.masks, masks)
		c, nearest, err := f.search(ctx, i, f.Targets[i].Values, f.banks[0][i])
		if err != nil {
			return nil, err
		}
		f.shares = append(f.shares, kept.shares(covered, strangeness(c, nearest, 1, height, width), height, width))
	}
	return f, nil
}

// room is for the features of all layers of an image.
func (f *Refiner) room(height, width int) (features [][]float32) {
	for _, l := range f.layers {
		h, w := f.network.Info().FeatureSize(l, height, width)
		features = append(features, make([]float32, f.channels(l)*h*w))
	}
	return features
}

func (f *Refiner) channels(layer int) int { return f.network.Info().Layers[layer].Channels }

// openBanks draws the candidates of all styles, and returns these' energies.
func (f *Refiner) openBanks(ctx context.Context, rotations bool) (energies, error) {
	for turn := range Draws {
		f.banks[turn] = make([][]refinedBank, len(f.layers))
	}
	energy := make(energies, len(f.layers))
	for _, s := range f.styles {
		collect()
		if err := f.openStyle(ctx, s, rotations, energy); err != nil {
			return nil, err
		}
	}
	return energy, nil
}

// openStyle draws the candidates of a style, from one of its rotations after the other,
// and adds its energies.
func (f *Refiner) openStyle(ctx context.Context, s Style, rotations bool, energy energies) error {
	drawn := f.drawAll(s.Image.Height, s.Image.Width, rotations)
	features := f.room(s.Image.Height, s.Image.Width) // as many values however it is turned
	image := s.Image
	for i := range turns(rotations) {
		if i > 0 {
			image = quarterTurn(image)
		}
		if err := f.network.Features(ctx, image, f.layers, features); err != nil {
			return err
		}
		if i == 0 {
			energy.add(f.network.Info(), f.layers, features, s.Share)
		}
		for _, d := range drawn {
			d.take(features[d.layer], i)
		}
	}
	for _, d := range drawn {
		b, err := f.newBank(ctx, d.values)
		if err != nil {
			return err
		}
		f.banks[d.turn][d.layer] = append(f.banks[d.turn][d.layer], b)
	}
	return nil
}

// drawing is the candidates of a style that count at a layer in a turn.
type drawing struct {
	turn, layer int
	positions   [][]int // by rotation
	values      runtime.Matrix
	taken       int // of the candidates
}

// drawAll draws candidates of a style of height x width for all turns and layers.
func (f *Refiner) drawAll(height, width int, rotations bool) (all []*drawing) {
	for i, l := range f.layers {
		h, w := f.network.Info().FeatureSize(l, height, width)
		sizes := slices.Repeat([]int{h * w}, turns(rotations))
		for turn := range Draws {
			d := &drawing{turn: turn, layer: i, positions: draw(sizes, MostRefined/len(f.styles), turn)}
			d.values = runtime.Matrix{Channels: f.channels(l), Positions: min(MostRefined/len(f.styles), len(sizes)*h*w)}
			d.values.Values = make([]float32, d.values.Channels*d.values.Positions)
			all = append(all, d)
		}
	}
	return all
}

// take gathers the candidates in the features, [channels][positions], of the next
// rotation.
func (d *drawing) take(features []float32, rotation int) {
	m, positions := d.values, d.positions[rotation]
	all := len(features) / m.Channels
	for c := range m.Channels {
		from, to := features[c*all:][:all], m.Values[c*m.Positions+d.taken:]
		for i, p := range positions {
			to[i] = from[p]
		}
	}
	d.taken += len(positions)
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
	values := make([][]float32, len(f.Targets)) // first the picture's features, then what they are to become
	for i, t := range f.Targets {
		values[i] = t.Values
	}
	if err := f.network.Features(ctx, picture, f.layers, values); err != nil {
		return err
	}
	for i := range f.layers {
		if err := f.renew(ctx, i, values[i], f.banks[turn%Draws][i]); err != nil {
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
	channels := f.channels(f.layers[layer])
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
	channels := f.channels(f.layers[layer])
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
