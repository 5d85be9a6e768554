package optimize

import "zellige/internal/parallel"

// Bounds keeps values between Low and High.
type Bounds struct {
	low, high float32
	values    []float32
	loop      *parallel.Loop
}

// NewBounds returns bounds for n values.
func NewBounds(n int, low, high float32) *Bounds {
	b := &Bounds{low: low, high: high}
	b.loop = parallel.New(chunksOf(n), func(first, end int) {
		v := b.values[first*chunk : min(end*chunk, n)]
		for i, x := range v { // most values lie inside: comparing is faster than min and max
			if x < b.low {
				v[i] = b.low
			} else if x > b.high {
				v[i] = b.high
			}
		}
	})
	return b
}

// Clamp moves what lies outside onto the bounds. It allocates nothing.
func (b *Bounds) Clamp(values []float32) {
	b.values = values
	b.loop.Run()
	b.values = nil
}
