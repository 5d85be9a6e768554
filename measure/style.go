package measure

import "math"

// StyleDistance is |gram - style| / |content - style| (Frobenius norms) of the
// Gram matrices of one layer, [C][C], each divided by its number of positions: 1
// for the untouched content, 0 for the style's statistics reached.
func StyleDistance(gram, content, style []float32) float64 {
	return math.Sqrt(ratio(squaredDistance(gram, style), squaredDistance(content, style)))
}

func squaredDistance(a, b []float32) float64 {
	total := 0.0
	for i := range a {
		d := float64(a[i]) - float64(b[i])
		total += d * d
	}
	return total
}

// ColorDistance is the Wasserstein-1 distance between the distributions of red,
// of green and of blue in two pictures of any sizes, averaged over the three: 0
// for the same palette, 1 for black against white.
func ColorDistance(a, b Planes) float64 {
	total := 0.0
	for c := range 3 {
		p, q := cumulative(a.channel(c)), cumulative(b.channel(c))
		for level := range 255 {
			total += math.Abs(p[level]-q[level]) / 255
		}
	}
	return total / 3
}

// cumulative returns for each level of 0..255 the share of values up to it.
func cumulative(values []float32) (share [256]float64) {
	for _, v := range values {
		share[uint8(v*255+0.5)] += 1 / float64(len(values))
	}
	for level := 1; level < len(share); level++ {
		share[level] += share[level-1]
	}
	return share
}
