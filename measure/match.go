package measure

import (
	"context"
	"math"
	"slices"

	"zellige/match"
	"zellige/runtime"
)

// NearestDistance is the mean over the positions of a picture of 1 - the largest cosine
// between its features, less the style's mean, and the style's at any position, less the
// same mean: 0 if the style has all of them, 1 if they have nothing in common. Both,
// [channels][positions], are overwritten.
func NearestDistance(ctx context.Context, m match.Matcher, own, style runtime.Matrix) (float64, error) {
	mean := means(style)
	for _, f := range []runtime.Matrix{own, style} {
		if err := m.Unit(ctx, f, mean, f.Values); err != nil {
			return 0, err
		}
	}
	score := make([]float32, own.Positions)
	if err := m.Nearest(ctx, own, style, make([]int32, own.Positions), score); err != nil {
		return 0, err
	}
	total := 0.0
	for _, s := range score {
		total += 1 - float64(s)
	}
	return total / float64(own.Positions), nil
}

// means are those of the channels.
func means(features runtime.Matrix) []float32 {
	mean := make([]float32, features.Channels)
	for c := range mean {
		sum := 0.0
		for _, v := range features.Values[c*features.Positions:][:features.Positions] {
			sum += float64(v)
		}
		mean[c] = float32(sum / float64(features.Positions))
	}
	return mean
}

// Structure is compared on a grid of this size.
const gridHeight, gridWidth, gridPlaces = 16, 20, 16 * 20

// StructureDistance says how differently the places of two pictures, whose features of
// one layer are [channels][height][width], resemble other places of the same picture: 0
// for the same structure, at most 2. On a grid of 20x16 places, 1 - cosine of the features of
// all pairs of places makes a matrix, whose columns are divided by their sums; the
// distance is the mean over columns of the sum of absolute differences (the content
// loss of Kolkin, Salavon and Shakhnarovich, "Style Transfer by Relaxed Optimal Transport
// and Self-Similarity", 2019).
func StructureDistance(ctx context.Context, m match.Matcher, a, b []float32, channels, height, width int) (float64, error) {
	x, err := selfDistances(ctx, m, a, channels, height, width)
	if err != nil {
		return 0, err
	}
	y, err := selfDistances(ctx, m, b, channels, height, width)
	if err != nil {
		return 0, err
	}
	total := 0.0
	for i := range x {
		total += math.Abs(x[i] - y[i])
	}
	return total / gridPlaces, nil
}

// selfDistances are those of all places from each other, [place][place], in shares of a
// place's sum.
func selfDistances(ctx context.Context, m match.Matcher, features []float32, channels, height, width int) ([]float64, error) {
	unit := runtime.Matrix{Channels: channels, Positions: gridPlaces, Values: shrink(features, height, width, gridHeight, gridWidth)}
	if err := m.Unit(ctx, unit, make([]float32, channels), unit.Values); err != nil {
		return nil, err
	}
	cosines := make([]float32, gridPlaces*gridPlaces)
	if err := m.Project(ctx, unit, unit, cosines); err != nil {
		return nil, err
	}
	distances := make([]float64, len(cosines))
	for i, c := range cosines {
		distances[i] = max(0, 1-float64(c))
	}
	for place := range slices.Chunk(distances, gridPlaces) {
		sum := 0.0
		for _, d := range place {
			sum += d
		}
		for i, d := range place {
			place[i] = ratio(d, sum)
		}
	}
	return distances, nil
}
