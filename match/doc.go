// Package match finds, for every position of a picture, the most similar position of
// a painting, and makes of its features what the picture's features are to become
// (Kolkin, Kucera, Paris, Sykora, Shechtman and Shakhnarovich, "Neural Neighbor Style
// Transfer", 2022).
//
// [Targets] compares hypercolumns: the features of several layers at a position of
// one common grid, seen together with their eight neighbours. A [Refiner] compares the
// features of each layer by themselves, again and again while the picture changes.
//
// Features are [channels][positions]; the positions of a map of h x w are its rows one
// after another. Similarity is the cosine of two vectors, each less the mean of its own
// picture. The products run in ONNX Runtime; equal inputs give equal bits.
package match

import (
	"context"

	"zellige/runtime"
)

// Network computes features and compares them; zellige.Network is the real one.
type Network interface {
	Info() *runtime.Info
	// Features writes the features of layers.
	Features(ctx context.Context, image runtime.Image, layers []int, features [][]float32) error
	// MatchFeatures are the features of layers at their match grids, see
	// [runtime.Info.MatchSize].
	MatchFeatures(ctx context.Context, image runtime.Image, layers []int) ([][]float32, error)
	Matcher
}

// Matcher compares features with each other; [runtime.Matcher] is the real one.
type Matcher interface {
	// Unit writes features less mean, [channels], divided by their lengths.
	Unit(ctx context.Context, features runtime.Matrix, mean, unit []float32) error
	// Project writes projection^T vectors, for a projection [channels][dimensions].
	Project(ctx context.Context, projection, vectors runtime.Matrix, projected []float32) error
	// Nearest writes for each query the candidate of the largest product, the first of
	// equal ones, and that product.
	Nearest(ctx context.Context, queries, candidates runtime.Matrix, index []int32, score []float32) error
}

// Style is a painting to find positions in.
type Style struct {
	Image runtime.Image
	Share float64 // of the positions that several styles want; all add up to 1
	// Mask makes where the style may be, [height*width] in 0..1; nil if everywhere.
	Mask func(height, width int) []float32
}

// Dimensions of a projected hypercolumn. Fewer lose neighbours, more take longer.
const Dimensions = 64

// seed of the projection and of the positions that stand for a large style.
const seed = 1
