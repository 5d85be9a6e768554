package measure

import "math"

// tap is a value's part in a mean.
type tap struct {
	index  int
	weight float32
}

// shrink resizes planes, [any][height*width], to [any][toHeight*toWidth], by weights
// that fall linearly to 0 over the distance of two places, of the coarser of both sizes:
// means where it shrinks, bilinear where it enlarges.
func shrink(planes []float32, height, width, toHeight, toWidth int) []float32 {
	rows, columns := taps(height, toHeight), taps(width, toWidth)
	all := len(planes) / (height * width)
	shrunk := make([]float32, 0, all*toHeight*toWidth)
	lines := make([]float32, height*toWidth)
	for c := range all {
		plane := planes[c*height*width:]
		for i := range lines {
			lines[i] = mean(columns[i%toWidth], plane[i/toWidth*width:], 1)
		}
		for i := range toHeight * toWidth {
			shrunk = append(shrunk, mean(rows[i/toWidth], lines[i%toWidth:], toWidth))
		}
	}
	return shrunk
}

// mean weighs values that lie step apart.
func mean(taps []tap, values []float32, step int) (sum float32) {
	for _, t := range taps {
		sum += t.weight * values[t.index*step]
	}
	return sum
}

// taps are what each of so many places takes of n values in a row.
func taps(n, places int) [][]tap {
	scale := float64(n) / float64(places)
	reach := max(scale, 1)
	all := make([][]tap, places)
	for p := range all {
		middle, sum := (float64(p)+0.5)*scale, 0.0
		weight := func(i int) float64 { return max(0, 1-math.Abs(float64(i)+0.5-middle)/reach) }
		for i := range n {
			sum += weight(i)
		}
		for i := range n {
			if w := weight(i); w > 0 {
				all[p] = append(all[p], tap{i, float32(w / sum)})
			}
		}
	}
	return all
}
