package picture

import (
	"math"
	"slices"

	"zellige/internal/parallel"
)

// detailRadius is the standard deviation of the neighbourhood of a detail, in pixels.
const detailRadius = 6

// Detail is how much a picture, [3][height*width], changes from pixel to pixel about each of them, [height*width] in
// 0..1: 0 where it does less than at nine twentieths of all, 1 where more than at nineteen.
func Detail(values []float32, height, width int) []float32 {
	details := make([]float32, height*width)
	parallel.New(height, func(low, high int) {
		for p := low * width; p < high*width; p++ {
			for c := range 3 {
				dx, dy := slope(values[c*len(details):][:len(details)], height, width, p/width, p%width)
				details[p] += dx*dx + dy*dy
			}
		}
	}).Run()
	smooth(details, height, width, detailRadius)
	for p, square := range details {
		details[p] = float32(math.Sqrt(float64(square)))
	}
	sorted := slices.Sorted(slices.Values(details))
	low, high := sorted[len(sorted)*9/20], sorted[len(sorted)*19/20]
	for p, v := range details {
		if details[p] = 0; high > low {
			details[p] = min(max((v-low)/(high-low), 0), 1)
		}
	}
	return details
}
