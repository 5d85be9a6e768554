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
	total := 0.0
	for p := range positions {
		var aa, bb, ab float64
		for i := p; i < len(a); i += positions {
			x, y := float64(a[i]), float64(b[i])
			aa, bb, ab = aa+x*x, bb+y*y, ab+x*y
		}
		// A position without any feature stays the zero vector.
		total += ratio(aa, aa) + ratio(bb, bb) - 2*ratio(ab, math.Sqrt(aa*bb))
	}
	return total / float64(positions)
}
