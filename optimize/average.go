package optimize

import (
	"math"
	"slices"
)

// Average is the exponential moving average of pictures: one that was added k
// pictures ago counts decay^k. The weights add up to 1 from the first picture on.
type Average struct {
	*vectors
	decay float64
	mean  []float32
}

// NewAverage returns an average that is the given picture until one is added. Decay
// is from 0, which makes the average the last picture, to below 1.
func NewAverage(pixels []float32, decay float64) *Average {
	return &Average{newVectors(len(pixels)), decay, slices.Clone(pixels)}
}

// Add adds the picture number i, counted from 0. It allocates nothing.
func (a *Average) Add(i int, pixels []float32) {
	// The newest of the weights decay^i, ..., decay, 1 in units of their sum.
	share := (1 - a.decay) / (1 - math.Pow(a.decay, float64(i+1)))
	a.combine(a.mean, 1-share, a.mean, share, pixels)
}

// Pixels are the average's own values: they change with the next picture.
func (a *Average) Pixels() []float32 { return a.mean }
