package optimize

import "zellige/internal/parallel"

// Bounds keeps the values of pictures [3][n] between the limits of
// their channel.
type Bounds struct {
	values []float32
	loop   *parallel.Loop
}

// NewBounds returns bounds for pictures of n values in all, a multiple of 3.
func NewBounds(n int, low, high [3]float32) *Bounds {
	b := &Bounds{}
	b.loop = parallel.New(chunksOf(n), func(first, end int) {
		for c := range 3 {
			from, to := max(first*chunk, c*n/3), min(end*chunk, (c+1)*n/3)
			clamp(b.values[from:max(from, to)], low[c], high[c])
		}
	})
	return b
}

func clamp(values []float32, low, high float32) {
	for i, x := range values { // most lie inside: comparing is faster than min and max
		if x < low {
			values[i] = low
		} else if x > high {
			values[i] = high
		}
	}
}

// Clamp moves what lies outside onto the bounds. It allocates nothing.
func (b *Bounds) Clamp(values []float32) {
	b.values = values
	b.loop.Run()
	b.values = nil
}
