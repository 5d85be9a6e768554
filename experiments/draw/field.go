package main

import "math"

// field is one number per pixel, [h*w] row by row: a height, a distance, an amount of light.
type field struct {
	w, h int
	v    []float64
}

func newField(w, h int) *field { return &field{w, h, make([]float64, w*h)} }

// get reads the field; outside it repeats the border.
func (f *field) get(x, y int) float64 {
	return f.v[min(max(y, 0), f.h-1)*f.w+min(max(x, 0), f.w-1)]
}

// between interpolates the field bilinearly; (0.5, 0.5) is the middle of the first pixel.
func (f *field) between(x, y float64) float64 {
	fx, fy := math.Floor(x-0.5), math.Floor(y-0.5)
	u, v, ix, iy := x-0.5-fx, y-0.5-fy, int(fx), int(fy)
	return lerp(lerp(f.get(ix, iy), f.get(ix+1, iy), u), lerp(f.get(ix, iy+1), f.get(ix+1, iy+1), u), v)
}

// slope is the central difference at (x, y), per pixel.
func (f *field) slope(x, y int) vec {
	return vec{(f.get(x+1, y) - f.get(x-1, y)) / 2, (f.get(x, y+1) - f.get(x, y-1)) / 2}
}

// blurred passes three box filters of the given radius in both directions.
func (f *field) blurred(radius int) *field {
	a, b := newField(f.w, f.h), newField(f.h, f.w)
	copy(a.v, f.v)
	for range 3 {
		a.boxRowsInto(b, radius)
		b.boxRowsInto(a, radius)
	}
	return a
}

// boxRowsInto averages along the rows and writes the result transposed, so that doing it twice filters
// rows and columns and is upright again.
func (f *field) boxRowsInto(out *field, radius int) {
	eachRow(f.h, func(y int) {
		sum := 0.0
		for x := -radius; x <= radius; x++ {
			sum += f.get(x, y)
		}
		for x := range f.w {
			out.v[x*f.h+y] = sum / float64(2*radius+1)
			sum += f.get(x+radius+1, y) - f.get(x-radius, y)
		}
	})
}
