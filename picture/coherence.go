package picture

import (
	"context"
	"math"

	"zellige/internal/parallel"
)

// Of coherent marks.
const (
	edgeRadius  = 1.0  // standard deviation of the lightness whose curvature tells the sides of an edge, in pixels
	leastWeight = 1e-3 // of a step along a mark, of its middle; the steps behind it have less
	bandRows    = 512  // are filtered at once, so that the memory stays small
)

// Marks say how the marks of a picture are drawn out, in pixels.
type Marks struct {
	Length int // the standard deviation of the mean along a mark is one and a half of it where the mark is clear
	Around int // standard deviation of the neighbourhood that tells which way marks run: a large one makes them parallel
}

// Coherent returns a picture, [3][height*width] and normalised, whose marks are drawn out along the way
// they run and sharpened across it: speckles become strokes, and edges contours. The way is that of least
// change in the neighbourhood; where marks run no way, as in the plain, little changes
// (Kyprianidis and Kang, "Image and Video Abstraction by Coherence-Enhancing Filtering", 2011). If the context
// ends, it returns the picture as it is.
func Coherent(ctx context.Context, values []float32, height, width int, marks Marks) []float32 {
	// What is wrong at a cut stays outside a band's own rows: a slope sees 1 row, the flow 3 deviations, a walk 3
	// lengths and 1, the curvature 3 and the sharpening 2.
	reach := 3*marks.Around + 3*marks.Length + 7
	out := make([]float32, len(values))
	for first := 0; first < height; first += bandRows {
		if ctx.Err() != nil {
			return values
		}
		end := min(first+bandRows, height)
		from, to := max(first-reach, 0), min(end+reach, height)
		band := rows(values, height, width, from, to)
		f := flowOf(band, to-from, width, marks)
		filtered := f.across(f.along(band))
		for c := range 3 {
			copy(out[(c*height+first)*width:(c*height+end)*width], filtered[(c*(to-from)+first-from)*width:])
		}
	}
	return out
}

// rows are the rows [from, to) of a picture, [3][(to-from)*width].
func rows(values []float32, height, width, from, to int) []float32 {
	var part []float32
	for c := range 3 {
		part = append(part, values[(c*height+from)*width:(c*height+to)*width]...)
	}
	return part
}

// flow is which way the marks of a picture run, by pixel: the unit vector (x, y), and by how much more it
// changes across than along, 0..1.
type flow struct {
	height, width int
	marks         Marks
	ways          [][2]float32
	clarity       []float32
}

func flowOf(values []float32, height, width int, marks Marks) *flow {
	n := height * width
	xx, xy, yy := make([]float32, n), make([]float32, n), make([]float32, n)
	f := &flow{height, width, marks, make([][2]float32, n), make([]float32, n)}
	parallel.New(height, func(low, high int) {
		for p := low * width; p < high*width; p++ {
			for c := range 3 {
				dx, dy := slope(values[c*n:][:n], height, width, p/width, p%width)
				xx[p], xy[p], yy[p] = xx[p]+dx*dx, xy[p]+dx*dy, yy[p]+dy*dy
			}
		}
	}).Run()
	for _, plane := range [][]float32{xx, xy, yy} {
		smooth(plane, height, width, float64(marks.Around))
	}
	parallel.New(height, func(low, high int) {
		for p := low * width; p < high*width; p++ {
			across := math.Atan2(2*float64(xy[p]), float64(xx[p]-yy[p])) / 2
			f.ways[p] = [2]float32{float32(-math.Sin(across)), float32(math.Cos(across))}
			if sum := xx[p] + yy[p]; sum > 0 {
				f.clarity[p] = float32(math.Hypot(float64(xx[p]-yy[p]), 2*float64(xy[p]))) / sum
			}
		}
	}).Run()
	return f
}

// slope is how much a plane rises a pixel to the right and down, by Sobel's operator.
func slope(plane []float32, height, width, y, x int) (dx, dy float32) {
	up, down := max(y-1, 0)*width, min(y+1, height-1)*width
	left, right := max(x-1, 0), min(x+1, width-1)
	y *= width
	dx = plane[up+right] + 2*plane[y+right] + plane[down+right] - plane[up+left] - 2*plane[y+left] - plane[down+left]
	dy = plane[down+left] + 2*plane[down+x] + plane[down+right] - plane[up+left] - 2*plane[up+x] - plane[up+right]
	return dx / 8, dy / 8
}

// smooth convolves a plane with a Gaussian, along rows and then along columns; the edge repeats itself.
func smooth(plane []float32, height, width int, deviation float64) {
	weights, sum := gaussian(deviation)
	parallel.New(height, func(low, high int) {
		wide := make([]float32, width+2*len(weights))
		for y := low; y < high; y++ {
			smoothRow(plane[y*width:][:width], wide, weights, sum)
		}
	}).Run()
	old := append([]float32(nil), plane...)
	row := func(y int) []float32 { return old[min(max(y, 0), height-1)*width:][:width] }
	parallel.New(height, func(low, high int) {
		for y := low; y < high; y++ {
			smoothed(plane[y*width:][:width], weights, sum, func(k int) []float32 { return row(y + k) })
		}
	}).Run()
}

// gaussian returns the weights of the middle and of those beside it up to 3 deviations, and the sum of all.
func gaussian(deviation float64) (weights []float32, sum float32) {
	weights = make([]float32, int(3*deviation)+1)
	for i := range weights {
		weights[i] = float32(math.Exp(-float64(i*i) / (2 * deviation * deviation)))
		sum += 2 * weights[i]
	}
	return weights, sum - weights[0]
}

// smoothRow smooths a row along itself; wide has room for it and for as many values as there are weights on both sides.
func smoothRow(row, wide, weights []float32, sum float32) {
	margin := len(weights)
	for i := range wide {
		wide[i] = row[min(max(i-margin, 0), len(row)-1)]
	}
	smoothed(row, weights, sum, func(k int) []float32 { return wide[margin+k:][:len(row)] })
}

// smoothed writes the weighted mean of the lines from -k to k, as long as the line.
func smoothed(line, weights []float32, sum float32, at func(k int) []float32) {
	for i, v := range at(0) {
		line[i] = weights[0] * v
	}
	for k, w := range weights[1:] {
		before, behind := at(-k - 1)[:len(line)], at(k + 1)[:len(line)]
		for i := range line {
			line[i] += w * (before[i] + behind[i])
		}
	}
	for i := range line {
		line[i] /= sum
	}
}

// along is the mean of the picture along its marks, longer where they are clear.
func (f *flow) along(values []float32) []float32 {
	n := f.height * f.width
	// A pixel's colours and its weight beside each other; below the last row there are some that count nothing.
	out, pixels := make([]float32, len(values)), make([][4]float32, n+f.width+1)
	for p := range n {
		pixels[p] = [4]float32{values[p], values[n+p], values[2*n+p], 1}
	}
	parallel.New(f.height, func(low, high int) {
		for p := low * f.width; p < high*f.width; p++ {
			sums := pixels[p]
			deviation := float64(max(f.clarity[p]*1.5*float32(f.marks.Length), 0.3))
			ratio := float32(math.Exp(-1 / (2 * deviation * deviation)))
			f.walk(pixels, p, f.ways[p], ratio, &sums)
			f.walk(pixels, p, [2]float32{-f.ways[p][0], -f.ways[p][1]}, ratio, &sums)
			for c := range 3 {
				out[c*n+p] = sums[c] / sums[3]
			}
		}
	}).Run()
	return out
}

// walk follows a mark from a pixel, the given way, pixel by pixel, and adds what it sees times its weight, that of a
// Gaussian whose first weight is the ratio.
func (f *flow) walk(pixels [][4]float32, p int, way [2]float32, ratio float32, sums *[4]float32) {
	weight, step := float32(1), ratio // step is ratio^(2k+1), so that weight is ratio^(k*k)
	x, y := float32(p%f.width), float32(p/f.width)
	for range 3 * f.marks.Length {
		x, y = x+way[0], y+way[1]
		weight, step = weight*step, step*ratio*ratio
		if weight < leastWeight {
			return
		}
		// What place.of does, of four planes at once: most of the time goes here.
		inX, inY := within(x, f.width), within(y, f.height)
		column, row := int(inX), int(inY)
		px, py := inX-float32(column), inY-float32(row)
		at := row*f.width + column
		upper, lower := (*[2][4]float32)(pixels[at:]), (*[2][4]float32)(pixels[at+f.width:])
		for c := range sums {
			top := upper[0][c] + px*(upper[1][c]-upper[0][c])
			bottom := lower[0][c] + px*(lower[1][c]-lower[0][c])
			sums[c] += weight * (top + py*(bottom-top))
		}
		if px > 0.5 {
			at++
		}
		if py > 0.5 {
			at += f.width
		}
		next := f.ways[at]
		if next[0]*way[0]+next[1]*way[1] < 0 {
			next[0], next[1] = -next[0], -next[1]
		}
		way = next
	}
}

// across sharpens the picture across its marks: on the light side of an edge a pixel takes the lightest
// of its neighbours there, on the dark side the darkest (Osher and Rudin's shock filter).
func (f *flow) across(values []float32) []float32 {
	n := f.height * f.width
	light := lightness(values, n)
	level := append([]float32(nil), light...)
	smooth(level, f.height, f.width, edgeRadius)
	out := make([]float32, len(values))
	parallel.New(f.height, func(low, high int) {
		for p := low * f.width; p < high*f.width; p++ {
			f.sharpen(out, values, light, level, p)
		}
	}).Run()
	return out
}

// Mixed moves b to a, both [3][n], but for an amount of shares, [n]. It returns b.
func Mixed(a, b, shares []float32, amount float64) []float32 {
	for i, v := range a {
		b[i] = v + float32(amount)*shares[i%len(shares)]*(b[i]-v)
	}
	return b
}

// fullCurvature is from which curvature of lightness on a pixel is sharpened in full, in normalised units.
const fullCurvature = 0.05

func (f *flow) sharpen(out, values, light, level []float32, p int) {
	n := f.height * f.width
	x, y := float32(p%f.width), float32(p/f.width)
	way := f.ways[p]
	before, after := f.place(y+way[0], x-way[1]), f.place(y-way[0], x+way[1])
	curvature := before.of(level) + after.of(level) - 2*level[p]
	chosen, value := place{}, light[p]
	for _, side := range [2]place{before, after} {
		if v := side.of(light); (v-value)*curvature < 0 {
			chosen, value = side, v
		}
	}
	share := 0.7 * f.clarity[p] * min(float32(math.Abs(float64(curvature)))/fullCurvature, 1)
	for c := range 3 {
		v := values[c*n+p]
		if out[c*n+p] = v; chosen.width > 0 {
			out[c*n+p] = v + share*(chosen.of(values[c*n:][:n])-v)
		}
	}
}

// place is a point between pixels, [y, y+1) by [x, x+1), of a plane.
type place struct {
	y, x, down, right, width int // the pixel above and left of it, how far the next ones are in the plane
	py, px                   float32
}

func (f *flow) place(y, x float32) place {
	y, x = within(y, f.height), within(x, f.width)
	a := place{y: int(y), x: int(x), width: f.width}
	a.py, a.px = y-float32(a.y), x-float32(a.x)
	if a.y+1 < f.height {
		a.down = f.width
	}
	if a.x+1 < f.width {
		a.right = 1
	}
	return a
}

// within is the nearest of 0..n-1; 0 of what is not a number, as where a run diverged.
func within(v float32, n int) float32 {
	if !(v > 0) {
		return 0
	}
	return min(v, float32(n-1))
}

// of is the value of a plane there.
func (a place) of(plane []float32) float32 {
	p := a.y*a.width + a.x
	top := plane[p] + a.px*(plane[p+a.right]-plane[p])
	bottom := plane[p+a.down] + a.px*(plane[p+a.down+a.right]-plane[p+a.down])
	return top + a.py*(bottom-top)
}
