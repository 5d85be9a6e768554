package losses

import "zellige/internal/parallel"

// TotalVariation is the loss
//
//	weight * sum over pixels of (x - right neighbour)^2 + (x - lower neighbour)^2
//
// on the normalised image, every channel by itself: squared differences without
// root or mean, as in the lab report.
type TotalVariation struct {
	weight        float32
	height, width int
	rows          []float64 // the loss of each row, [3*height]
	loop          *parallel.Loop
	pixels        []float32 // of the call under way, [3][height][width]
	gradient      []float32
}

// NewTotalVariation returns the loss for pictures of one size. It may be used by
// one goroutine at a time.
func NewTotalVariation(weight float64, height, width int) *TotalVariation {
	t := &TotalVariation{weight: float32(weight), height: height, width: width, rows: make([]float64, 3*height)}
	t.loop = parallel.New(3*height, func(low, high int) {
		for r := low; r < high; r++ {
			t.row(r)
		}
	})
	return t
}

// AddGradient adds the gradient of the loss at pixels to gradient, both
// [3][height][width], and returns the loss. It allocates nothing.
func (t *TotalVariation) AddGradient(gradient, pixels []float32) float64 {
	if t.weight == 0 {
		return 0
	}
	t.pixels, t.gradient = pixels, gradient
	t.loop.Run()
	t.pixels, t.gradient = nil, nil
	// Summed in a fixed order: the loss must not depend on the number of threads.
	total := 0.0
	for _, r := range t.rows {
		total += r
	}
	return float64(t.weight) * total
}

// row does row r of the 3*height rows of all channels. Its part of the gradient
// gathers the differences to all four neighbours, so rows do not write to each
// other.
func (t *TotalVariation) row(r int) {
	w := t.width
	y := r % t.height
	here := t.pixels[r*w : (r+1)*w]
	above, below := here, here // equal neighbours add nothing
	if y > 0 {
		above = t.pixels[(r-1)*w : r*w]
	}
	if y < t.height-1 {
		below = t.pixels[(r+1)*w : (r+2)*w]
	}
	t.rows[r] = addDifferences(t.gradient[r*w:(r+1)*w], here, above, below, 2*t.weight)
}

// addDifferences adds scale * (4 x - left - right - above - below) to a row of
// the gradient, edges counted as their own neighbours, and returns the sum of the
// squared differences to the right neighbours and to the row below: one pass over
// memory is faster than two.
func addDifferences(gradient, here, above, below []float32, scale float32) float64 {
	last := len(here) - 1
	gradient, above, below = gradient[:last+1], above[:last+1], below[:last+1]
	v, left, sum := here[0], float32(0), 0.0
	for x, next := range here[1:] {
		right, down := next-v, below[x]-v
		gradient[x] += scale * (left - right + (v - above[x]) - down)
		sum += float64(right*right + down*down)
		v, left = next, right
	}
	down := below[last] - v
	gradient[last] += scale * (left + (v - above[last]) - down)
	return sum + float64(down*down)
}
