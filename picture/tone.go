package picture

// Of tones.
const (
	toneRadius   = 7   // standard deviation of the neighbourhood that tones are compared in, in pixels
	toneEvenness = 0.2 // variance of lightness, of a normalised picture, above which a neighbourhood has an edge
)

// Toned moves the lightness of a picture, [3][height*width] and normalised, towards that of a guide of the same size by an
// amount in 0..1: as far as their difference is smooth, and at the guide's edges. So shadows, outlines and faces come
// back, and marks stay (He and others, "Guided Image Filtering", 2010).
func Toned(values, guide []float32, height, width int, amount float64) []float32 {
	light, difference := lightness(guide, height*width), lightness(values, height*width)
	mean, square, product := append([]float32(nil), light...), make([]float32, len(light)), make([]float32, len(light))
	for p, v := range light {
		difference[p] = v - difference[p]
		square[p], product[p] = v*v, v*difference[p]
	}
	for _, plane := range [][]float32{mean, difference, square, product} {
		smooth(plane, height, width, toneRadius)
	}
	slope, offset := square, product // of the line that tells the difference by the guide's lightness
	for p, m := range mean {
		slope[p] = (product[p] - m*difference[p]) / (square[p] - m*m + toneEvenness)
		offset[p] = difference[p] - slope[p]*m
	}
	smooth(slope, height, width, toneRadius)
	smooth(offset, height, width, toneRadius)
	toned := append([]float32(nil), values...)
	for i := range toned {
		p := i % len(light)
		toned[i] += float32(amount) * (slope[p]*light[p] + offset[p])
	}
	return toned
}

// lightness is the mean of the three colours of a picture's n pixels.
func lightness(values []float32, n int) []float32 {
	light := make([]float32, n)
	for p := range light {
		light[p] = (values[p] + values[n+p] + values[2*n+p]) / 3
	}
	return light
}
