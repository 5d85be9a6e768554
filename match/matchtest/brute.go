// Package matchtest compares features in plain loops, for tests without ONNX Runtime.
package matchtest

import (
	"context"
	"math"

	"zellige/runtime"
)

// Brute does what [runtime.Matcher] does, slowly.
type Brute struct{}

// Unit implements [match.Matcher].
func (Brute) Unit(_ context.Context, features runtime.Matrix, mean, unit []float32) error {
	n := features.Positions
	for p := range n {
		square := 0.0
		for c := range features.Channels {
			d := float64(features.Values[c*n+p] - mean[c])
			square += d * d
		}
		length := math.Sqrt(square)
		for c := range features.Channels {
			v := features.Values[c*n+p] - mean[c]
			if unit[c*n+p] = 0; length > 0 {
				unit[c*n+p] = float32(float64(v) / length)
			}
		}
	}
	return nil
}

// Project implements [match.Matcher].
func (Brute) Project(_ context.Context, projection, vectors runtime.Matrix, projected []float32) error {
	n := vectors.Positions
	for d := range projection.Positions {
		for p := range n {
			sum := 0.0
			for c := range vectors.Channels {
				sum += float64(projection.Values[c*projection.Positions+d]) * float64(vectors.Values[c*n+p])
			}
			projected[d*n+p] = float32(sum)
		}
	}
	return nil
}

// Nearest implements [match.Matcher].
func (Brute) Nearest(_ context.Context, queries, candidates runtime.Matrix, index []int32, score []float32) error {
	for q := range queries.Positions {
		best, at := math.Inf(-1), 0
		for k := range candidates.Positions {
			sum := 0.0
			for c := range queries.Channels {
				sum += float64(queries.Values[c*queries.Positions+q]) * float64(candidates.Values[c*candidates.Positions+k])
			}
			if sum > best {
				best, at = sum, k
			}
		}
		index[q], score[q] = int32(at), float32(best)
	}
	return nil
}
