package optimize

import "zellige/internal/parallel"

// Bounds keeps the values of pictures [3][n] between the limits of
// their channel.
type Bounds struct {
	clamping *parallel.Loop
	holding  *parallel.Loop
	values   []float32 // of the call under way
	pixels   []float32
	gradient []float32
}

// NewBounds returns bounds for pictures of n values in all, a multiple of 3.
func NewBounds(n int, low, high [3]float32) *Bounds {
	b := &Bounds{}
	b.clamping = byChannel(n, func(from, to, c int) { clamp(b.values[from:to], low[c], high[c]) })
	b.holding = byChannel(n, func(from, to, c int) {
		hold(b.values[from:to], b.pixels[from:to], b.gradient[from:to], low[c], high[c])
	})
	return b
}

// byChannel returns a loop over chunks of n values, each cut so that it is of one
// channel.
func byChannel(n int, body func(from, to, channel int)) *parallel.Loop {
	return overChunks(n, func(first, end int) {
		for c := range 3 {
			if from, to := max(first, c*n/3), min(end, (c+1)*n/3); from < to {
				body(from, to, c)
			}
		}
	})
}

func clamp(values []float32, low, high float32) {
	values = values[clampSome(values, low, high):]
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
	b.clamping.Run()
	b.values = nil
}

// Hold sets to 0 those values of a direction that belong to pixels on a bound, or
// beyond, that a step against the gradient would move further out. It allocates
// nothing.
func (b *Bounds) Hold(direction, pixels, gradient []float32) {
	b.values, b.pixels, b.gradient = direction, pixels, gradient
	b.holding.Run()
	b.values, b.pixels, b.gradient = nil, nil, nil
}

func hold(direction, pixels, gradient []float32, low, high float32) {
	for i, x := range pixels {
		if x <= low && gradient[i] > 0 || x >= high && gradient[i] < 0 {
			direction[i] = 0
		}
	}
}
