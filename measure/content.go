package measure

import "math"

// ContentDistance is the mean over positions of |a/|a| - b/|b||^2, where a and b
// are the features of two pictures at one layer, [C][positions], and the lengths
// are taken over the channels of a position: 0 for the same content, 2 for
// features that have nothing in common. It is LPIPS without its learnt weights
// (Zhang et al., "The Unreasonable Effectiveness of Deep Features as a
// Perceptual Metric", 2018).
func ContentDistance(a, b []float32, channels int) float64 {
	positions := len(a) / channels
	products := make([]struct{ aa, bb, ab float64 }, positions)
	for c := range channels { // in the order of memory
		a, b := a[c*positions:][:positions], b[c*positions:][:positions]
		for i := range products {
			x, y, p := float64(a[i]), float64(b[i]), &products[i]
			p.aa, p.bb, p.ab = p.aa+x*x, p.bb+y*y, p.ab+x*y
		}
	}
	total := 0.0
	for _, p := range products {
		// A position without any feature stays the zero vector.
		total += ratio(p.aa, p.aa) + ratio(p.bb, p.bb) - 2*ratio(p.ab, math.Sqrt(p.aa*p.bb))
	}
	return total / float64(positions)
}
