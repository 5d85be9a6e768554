package match

import (
	"context"
	"math"
	"slices"

	"zellige/internal/parallel"
	"zellige/runtime"
)

// detailStep is the step, in pixels, of the layer that says where the content has
// detail: it knows eyes and windows, and not the grain of a surface.
const detailStep = 8

// padded is how many positions from the edge see the padding of that layer.
const padded = 2

// contrast is how much more of the content stays where it has most detail than where it
// has none, if half of it stays: most positions keep all or nothing, as a mixture is a veil.
const contrast = 4.5

// kept says how much of the content stays at a position.
type kept struct {
	part          float32
	layer         int // that sees its detail; none if all positions are alike
	height, width int
	details       []float32 // [height*width] in 0..1; nil if all positions are alike
}

// kept is what a request says of it, before the content's features are looked at.
func (r *Request) kept(info *runtime.Info) *kept {
	k := &kept{part: r.Part, layer: none}
	if r.Part != 0 && r.Part != 1 {
		k.layer = DetailLayer(info, r.Layers)
	}
	return k
}

// DetailLayer is that of the layers which says where the content has detail.
func DetailLayer(info *runtime.Info, layers []int) int {
	layer := layers[0]
	for _, l := range layers {
		if info.Layers[l].Stride <= detailStep {
			layer = l
		}
	}
	return layer
}

// look finds where the content has detail, of the layer's features.
func (k *kept) look(features []float32, channels, height, width int) {
	k.height, k.width = height, width
	k.details = detailOf(features, channels, height, width)
}

// keptContent finds where a request's content has detail.
func keptContent(ctx context.Context, n Network, r Request) (*kept, error) {
	k := r.kept(n.Info())
	if k.layer == none {
		return k, nil
	}
	features, err := n.MatchFeatures(ctx, r.Content, []int{k.layer})
	if err != nil {
		return nil, err
	}
	height, width := n.Info().MatchSize(k.layer, r.Content.Height, r.Content.Width)
	k.look(features[0], n.Info().Layers[k.layer].Channels, height, width)
	return k, nil
}

// detailOf is how far features, [channels][height*width], differ from the mean of their
// neighbours, averaged over these: 0 where it is less than at three tenths of all positions, 1
// where it is more than at nineteen twentieths.
func detailOf(features []float32, channels, height, width int) []float32 {
	size := height * width
	differences := make([]float32, size)
	parallel.New(height, func(low, high int) {
		for c := range channels {
			plane := features[c*size:][:size]
			for p := low * width; p < high*width; p++ {
				d := plane[p] - meanOf(plane, height, width, p/width-1, p%width-1, 3)
				differences[p] += d * d
			}
		}
	}).Run()
	for p, square := range differences {
		differences[p] = float32(math.Sqrt(float64(square)))
	}
	inward(differences, height, width)
	return spread(neighbourhood(differences, height, width))
}

// inward gives the outermost positions, which see the network's padding, the values of
// those within.
func inward(values []float32, height, width int) {
	top, left := min(padded, (height-1)/2), min(padded, (width-1)/2)
	for p := range values {
		y := min(max(p/width, top), height-1-top)
		values[p] = values[y*width+min(max(p%width, left), width-1-left)]
	}
}

// spread brings values to 0..1: 0 where one is less than at three tenths of all
// positions, 1 where it is more than at nineteen twentieths. It overwrites them.
func spread(values []float32) []float32 {
	sorted := slices.Sorted(slices.Values(values))
	low, high := sorted[len(values)*3/10], sorted[max(0, len(values)*19/20-1)]
	for p, v := range values {
		if values[p] = 0; high > low {
			values[p] = min(max((v-low)/(high-low), 0), 1)
		}
	}
	return values
}

// strangeness is how unlike anything in the styles a position is, 0..1, of those that have
// a style; most is the largest score there can be.
func strangeness(c choice, nearest []found, most float32, height, width int) []float32 {
	values := make([]float32, len(c.style))
	for p, k := range c.style {
		if k != none {
			values[p] = 1 - nearest[k].score[p]/most
		}
	}
	return spread(neighbourhood(values, height, width))
}

// neighbourhood is the mean of each position and those around it that there are.
func neighbourhood(plane []float32, height, width int) []float32 {
	means := make([]float32, len(plane))
	for p := range means {
		means[p] = meanOf(plane, height, width, p/width-1, p%width-1, 3)
	}
	return means
}

// shares is how much of a target is matched, by position of a grid: what the masks
// cover there, less the content's part.
func (k *kept) shares(covered, strange []float32, height, width int) []float32 {
	rows, columns := stretch(k.height, height), stretch(k.width, width)
	shares := make([]float32, len(covered))
	for p, v := range covered {
		part := k.part
		if k.details != nil {
			part = k.partAt((2*at(k.details, k.width, rows[p/width], columns[p%width]) + strange[p]) / 3)
		}
		shares[p] = v * (1 - part)
	}
	return shares
}

// partAt is how much of the content stays where it counts as much as value, 0..1. It grows
// with the part at every value. The value where half stays falls with the part, so that
// the painted area grows evenly with the strength.
func (k *kept) partAt(value float32) float32 {
	middle := 0.7 - 0.8*k.part
	return min(max(k.part+4*contrast*k.part*(1-k.part)*(value-middle), 0), 1)
}

// stretch reads n values at the places of a row of another length that is as long.
func stretch(n, length int) []reading {
	return readings(n, length, func(j int) float64 { return (float64(j)+0.5)*float64(n)/float64(length) - 0.5 })
}
