package match

import (
	"context"
	"math/rand/v2"
	"slices"

	"zellige/internal/parallel"
	"zellige/runtime"
)

// hypercolumns are the features of an image at its layers, and their projections at
// the common grid, together with that of its colours.
type hypercolumns struct {
	grids     []grid
	common    grid
	features  [][]float32 // by grid, [channels][positions]
	projected []float32   // [dimensions][positions of the common grid]
}

// colorWeight is that of the colours, normalised as the network reads them: with more, marks become uniform and stars are
// no longer found; with less, a dark body on a dark ground becomes ground, for features know edges better than colours.
const colorWeight = 0.4

// hypercolumnsOf computes those of an image. A layer's features count divided by its
// scale. Projecting is linear, so each layer is projected at its own grid, where it has
// few positions, and then enlarged.
func hypercolumnsOf(ctx context.Context, n Network, image runtime.Image, layers []int, scales []float64) (*hypercolumns, error) {
	h := &hypercolumns{}
	h.grids, h.common = gridsOf(n.Info(), layers, image.Height, image.Width)
	collect()
	var err error
	if h.features, err = n.MatchFeatures(ctx, image, layers); err != nil {
		return nil, err
	}
	h.projected = make([]float32, Dimensions*h.common.positions())
	room := make([]float32, Dimensions*h.common.positions()) // for the largest of them
	colors := h.common
	colors.layer, colors.channels = none, 3
	features, scales := append(slices.Clip(h.features), colors.meansOf(image)), append(slices.Clip(scales), 1/colorWeight)
	for i, g := range append(slices.Clip(h.grids), colors) {
		small := room[:Dimensions*g.positions()]
		if err := n.Project(ctx, projection(g, scales[i]), g.matrix(features[i]), small); err != nil {
			return nil, err
		}
		parallel.New(Dimensions, func(low, high int) {
			for d := low; d < high; d++ {
				g.addEnlarged(plane(h.projected, d, h.common), h.common, plane(small, d, g))
			}
		}).Run()
	}
	return h, nil
}

// meansOf are those of the image's pixels about the positions of the grid, [3][positions].
func (g grid) meansOf(image runtime.Image) []float32 {
	values, size := make([]float32, 3*g.positions()), image.Height*image.Width
	parallel.New(3*g.height, func(low, high int) {
		for row := low; row < high; row++ {
			top, from := row%g.height*g.step-g.step/2, image.Pixels[row/g.height*size:][:size]
			for x := range g.width {
				values[row*g.width+x] = meanOf(from, image.Height, image.Width, top, x*g.step-g.step/2, 2*g.step)
			}
		}
	}).Run()
	return values
}

// projection is random, [channels][dimensions], the same for a layer of every picture:
// it keeps the cosines of vectors, nearly (Johnson and Lindenstrauss).
func projection(g grid, scale float64) runtime.Matrix {
	random := rand.New(rand.NewPCG(seed, uint64(g.layer)))
	m := runtime.Matrix{Channels: g.channels, Positions: Dimensions, Values: make([]float32, g.channels*Dimensions)}
	for i := range m.Values {
		m.Values[i] = float32(random.NormFloat64() / scale)
	}
	return m
}

// matrix is a view of features at the grid.
func (g grid) matrix(features []float32) runtime.Matrix {
	return runtime.Matrix{Channels: g.channels, Positions: g.positions(), Values: features}
}

// plane is one channel of values at a grid.
func plane(values []float32, channel int, g grid) []float32 {
	n := g.positions()
	return values[channel*n:][:n]
}

// Neighbours is how many positions make a patch, row by row around its own.
const Neighbours = 9

// patches gathers the vectors [dimensions][positions of the grid] around positions as
// the columns [first, first+len(positions)) of to, [neighbours][dimensions][columns]; the
// edge repeats itself.
func patches(to []float32, columns, first int, vectors []float32, g grid, positions []int) {
	around := g.around(positions)
	parallel.New(Neighbours*Dimensions, func(low, high int) {
		for row := low; row < high; row++ {
			from, line := plane(vectors, row%Dimensions, g), to[row*columns+first:]
			for i, p := range around[row/Dimensions] {
				line[i] = from[p]
			}
		}
	}).Run()
}

// around are the neighbours of positions, one after another.
func (g grid) around(positions []int) (all [Neighbours][]int32) {
	for k := range all {
		all[k] = make([]int32, len(positions))
		for i, p := range positions {
			y := min(max(p/g.width+k/3-1, 0), g.height-1)
			x := min(max(p%g.width+k%3-1, 0), g.width-1)
			all[k][i] = int32(y*g.width + x)
		}
	}
	return all
}

// means are those of the rows of values [rows][columns].
func means(values []float32, rows, columns int) []float32 {
	mean := make([]float32, rows)
	parallel.New(rows, func(low, high int) {
		for r := low; r < high; r++ {
			sum := 0.0
			for _, v := range values[r*columns:][:columns] {
				sum += float64(v)
			}
			mean[r] = float32(sum / float64(columns))
		}
	}).Run()
	return mean
}
