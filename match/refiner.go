package match

import (
	"context"
	"slices"

	"zellige/internal/once"
	"zellige/internal/parallel"
	"zellige/runtime"
)

// A layer is compared with some positions of the styles, drawn by lot, all styles and
// rotations together; with others in the next turn.
const (
	MostRefined = 1 << 11
	Draws       = 2
)

// Refiner finds the nearest features of each layer by itself, at the layer's own grid. Its
// memory is that of the targets and of the banks: what it compares lies in the targets.
type Refiner struct {
	network  Network
	layers   []int
	styles   []Style
	content  runtime.Image
	Targets  []Target    // of features as they are, not averaged; [Refiner.Renew] overwrites their values
	features [][]float32 // the targets' values
	banks    *drawnBanks
	unit     []float32     // room for the unit vectors of a bank
	masks    [][][]float32 // by layer and style
	shares   [][]float32   // by layer, of what was matched at a position
}

// drawnBanks are the candidates of all styles.
type drawnBanks struct {
	energy energies
	turns  [Draws][][]runtime.Matrix // by turn, layer and style: candidates as they are, [channels][candidates]
}

// NewRefiner prepares to refine pictures of the content's size. Of the request, the
// query does not count. The first [Refiner.Renew] finds the targets.
func NewRefiner(ctx context.Context, n Network, r Request) (*Refiner, error) {
	f := &Refiner{network: n, layers: r.Layers, styles: r.Styles, content: r.Content}
	var err error
	if f.banks, err = once.Ask(r.Kept, func() (*drawnBanks, error) { return f.openBanks(ctx, r.Rotations) }, r.question(true)...); err != nil {
		return nil, err
	}
	collect()
	kept, err := keptContent(ctx, n, r)
	if err != nil {
		return nil, err
	}
	f.features = f.room(r.Content.Height, r.Content.Width)
	for i, values := range f.features {
		f.Targets = append(f.Targets, Target{r.Layers[i], values, f.banks.energy.of(i)})
	}
	if err := f.look(ctx, r.Content); err != nil {
		return nil, err
	}
	for i, l := range r.Layers {
		height, width := n.Info().FeatureSize(l, r.Content.Height, r.Content.Width)
		masks, covered := coverage(r.Styles, height, width)
		f.masks = append(f.masks, masks)
		c, nearest, err := f.search(ctx, i, f.banks.turns[0][i])
		if err != nil {
			return nil, err
		}
		f.shares = append(f.shares, kept.shares(covered, strangeness(c, nearest, 1, height, width), height, width))
	}
	return f, nil
}

// look writes an image's features to the targets.
func (f *Refiner) look(ctx context.Context, image runtime.Image) error {
	return f.network.Features(ctx, image, f.layers, f.features)
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

// openBanks draws the candidates of all styles.
func (f *Refiner) openBanks(ctx context.Context, rotations bool) (*drawnBanks, error) {
	b := &drawnBanks{energy: make(energies, len(f.layers))}
	for turn := range Draws {
		b.turns[turn] = make([][]runtime.Matrix, len(f.layers))
	}
	for _, s := range f.styles {
		if err := f.openStyle(ctx, s, rotations, b); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// openStyle draws the candidates of a style, from one of its rotations after the other,
// and adds its energies.
func (f *Refiner) openStyle(ctx context.Context, s Style, rotations bool, b *drawnBanks) error {
	drawn := f.drawAll(s.Image.Height, s.Image.Width, rotations)
	features := f.room(s.Image.Height, s.Image.Width) // as many values however it is turned
	image := s.Image
	for i := range Turns(rotations) {
		if i > 0 {
			image = quarterTurn(image)
		}
		collect()
		if err := f.network.Features(ctx, image, f.layers, features); err != nil {
			return err
		}
		if i == 0 {
			b.energy.add(f.network.Info(), f.layers, features, s.Share)
		}
		for _, d := range drawn {
			d.take(features[d.layer], i)
		}
	}
	for _, d := range drawn {
		b.turns[d.turn][d.layer] = append(b.turns[d.turn][d.layer], d.values)
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
		sizes := slices.Repeat([]int{h * w}, Turns(rotations))
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

// Renew finds the targets of a picture as it is and overwrites those that are there. The
// turn, from 0, decides which candidates count.
func (f *Refiner) Renew(ctx context.Context, picture runtime.Image, turn int) error {
	banks := f.banks.turns[turn%Draws]
	collect()
	if err := f.look(ctx, picture); err != nil {
		return err
	}
	choices := make([]choice, len(f.layers))
	for i := range choices {
		var err error
		if choices[i], _, err = f.search(ctx, i, banks[i]); err != nil {
			return err
		}
	}
	if err := f.look(ctx, f.content); err != nil {
		return err
	}
	for i, c := range choices {
		f.mix(i, c, banks[i])
	}
	collect()
	return nil
}

// search finds what is nearest to the features that lie in the target of a layer, and
// overwrites them.
func (f *Refiner) search(ctx context.Context, layer int, banks []runtime.Matrix) (c choice, nearest []found, err error) {
	queries := f.matrix(layer)
	if err := f.makeUnits(ctx, queries, queries.Values); err != nil {
		return c, nil, err
	}
	nearest = make([]found, len(f.styles))
	for k, b := range banks {
		candidates := b
		f.unit = slices.Grow(f.unit[:0], len(b.Values))[:len(b.Values)]
		candidates.Values = f.unit
		if err := f.makeUnits(ctx, b, candidates.Values); err != nil {
			return c, nil, err
		}
		nearest[k] = found{make([]int32, queries.Positions), make([]float32, queries.Positions)}
		if err := f.network.Nearest(ctx, queries, candidates, nearest[k].index, nearest[k].score); err != nil {
			return c, nil, err
		}
	}
	return choose(nearest, f.styles, f.masks[layer]), nearest, nil
}

// matrix is what lies in the target of a layer.
func (f *Refiner) matrix(layer int) runtime.Matrix {
	t := f.Targets[layer]
	return runtime.Matrix{Channels: f.channels(t.Layer), Positions: len(t.Values) / f.channels(t.Layer), Values: t.Values}
}

// makeUnits writes vectors, less their mean, at length 1.
func (f *Refiner) makeUnits(ctx context.Context, vectors runtime.Matrix, unit []float32) error {
	return f.network.Unit(ctx, vectors, means(vectors.Values, vectors.Channels, vectors.Positions), unit)
}

// mix moves the content's features, which lie in the target of a layer, to those that were
// matched, by their shares.
func (f *Refiner) mix(layer int, c choice, banks []runtime.Matrix) {
	m := f.matrix(layer)
	parallel.New(m.Channels, func(low, high int) {
		for channel := low; channel < high; channel++ {
			to := m.Values[channel*m.Positions:][:m.Positions]
			for p, k := range c.style {
				if k != none {
					b := &banks[k]
					to[p] += f.shares[layer][p] * (b.Values[channel*b.Positions+int(c.candidate[p])] - to[p])
				}
			}
		}
	}).Run()
}
