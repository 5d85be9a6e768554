package picture

import (
	"context"

	"zellige/internal/parallel"
)

// Of brushwork.
const (
	finestMarks = 3.0  // standard deviation of the blur that parts the finest marks of a picture from the rest, in pixels
	softness    = 1.5  // that of the blur that makes a painting as soft as a picture painted by its features
	marksAround = 2.0  // that of the neighbourhood in which marks are strong or weak
	leastMarks  = 1e-9 // mean square of marks below which there are none
	brushRows   = 512  // are done at once, so that the memory stays small
	brushReach  = 16   // rows above and below that they look at
)

// MostBrushed is how many rows [Brushwork] holds at once, at most.
const MostBrushed = brushRows + 2*brushReach

// Painting is what brushwork is taken from.
type Painting struct {
	Pixels        []float32 // [3][Height*Width], normalised
	Height, Width int
	Mask          []float32 // by pixel of the picture: the painting is used where it is above 0; nil for everywhere
}

// Brushwork returns a picture, [3][height*width] and normalised, with the finest marks of paintings: bristles,
// ink lines, the grain of paper. A pixel takes those of the place that looks most like it in a painting made as soft as
// the picture: as the soft painting is to the painting, so is the picture to the result (Hertzmann and others, "Image
// Analogies", 2001). Paintings are looked at in so many of four directions, 1 to 4. As far as keep, [height*width] in
// 0..1, says, the picture's own marks stay where those of the painting are weaker; nil keeps none. A painting that has no
// room for a patch of 9 by 9 pixels is not used. If the context ends, it returns the picture as it is.
func Brushwork(ctx context.Context, values []float32, height, width int, paintings []Painting, turns int, keep []float32) []float32 {
	var from []*relief
	for _, p := range paintings {
		if min(p.Height, p.Width) > 2*patchReach {
			from = append(from, newRelief(p.Pixels, p.Height, p.Width, softness))
			from[len(from)-1].mask, from[len(from)-1].samples = p.Mask, samplesOf(p.Width)
		}
	}
	if len(from) == 0 {
		return values
	}
	out := make([]float32, len(values))
	for first := 0; first < height; first += brushRows {
		end := min(first+brushRows, height)
		top, bottom := max(first-brushReach, 0), min(end+brushReach, height)
		f := newField(newRelief(rows(values, height, width, top, bottom), bottom-top, width, 0), from, turns, top)
		if f.search(ctx); ctx.Err() != nil {
			return values
		}
		brushed := f.brushed(keep)
		for c := range 3 {
			for p := first * width; p < end*width; p++ {
				out[c*height*width+p] = brushed[p-top*width][c]
			}
		}
	}
	return out
}

// relief is a picture whose finest marks are parted from the rest, three colours of a pixel beside each other: they
// are what base lacks of pixels.
type relief struct {
	height, width int
	pixels, base  [][3]float32
	looks         [][3]float32 // as it is compared
	// Of a painting:
	mask    []float32
	samples [4][patchSide * patchSide]int // [samplesOf] its width
}

// newRelief parts a picture; it is compared as soft as asked for.
func newRelief(values []float32, height, width int, soft float64) *relief {
	r := &relief{height: height, width: width}
	r.pixels, r.base = blurred(values, height, width, 0), blurred(values, height, width, finestMarks)
	if r.looks = r.pixels; soft > 0 {
		r.looks = blurred(values, height, width, soft)
	}
	return r
}

// blurred are the pixels of a picture, [3][height*width], blurred unless the deviation is 0.
func blurred(values []float32, height, width int, deviation float64) [][3]float32 {
	n := height * width
	pixels := make([][3]float32, n)
	for c := range 3 {
		plane := values[c*n:][:n]
		if deviation > 0 {
			plane = append([]float32(nil), plane...)
			smooth(plane, height, width, deviation)
		}
		for p, v := range plane {
			pixels[p][c] = v
		}
	}
	return pixels
}

// mark is what is finest at a pixel.
func (r *relief) mark(p int) (m [3]float32) {
	for c, v := range r.pixels[p] {
		m[c] = v - r.base[p][c]
	}
	return m
}

// brushed is the picture with the marks of the paintings, but for its own where they are stronger and keep says so.
func (f *field) brushed(keep []float32) [][3]float32 {
	pixels := f.marks()
	taken, own := f.strength(func(p int) [3]float32 { return pixels[p] }), f.strength(f.picture.mark)
	for p, base := range f.picture.base {
		share := float32(1)
		if keep != nil {
			share -= keep[f.top*f.picture.width+p] * max(0, 1-taken[p]/(own[p]+leastMarks))
		}
		stays := f.picture.mark(p)
		for c, v := range base {
			pixels[p][c] = v + stays[c] + share*(pixels[p][c]-stays[c])
		}
	}
	return pixels
}

// strength is the mean square of marks in the neighbourhood of each pixel.
func (f *field) strength(mark func(p int) [3]float32) []float32 {
	squares := make([]float32, len(f.places))
	for p := range squares {
		m := mark(p)
		squares[p] = m[0]*m[0] + m[1]*m[1] + m[2]*m[2]
	}
	smooth(squares, f.picture.height, f.picture.width, marksAround)
	return squares
}

// marks are those of the paintings at each pixel: the mean of what its own place and those of its eight neighbours say.
func (f *field) marks() [][3]float32 {
	width := f.picture.width
	marks := make([][3]float32, len(f.places))
	parallel.New(f.picture.height, func(low, high int) {
		for p := low * width; p < high*width; p++ {
			marks[p] = f.vote(p/width, p%width)
		}
	}).Run()
	return marks
}

// voices are the weights of places in a vote, by the squared distance of their pixels: 1, 1/e and 1/e².
var voices = [3]float32{1, 0.36787944, 0.13533528}

func (f *field) vote(y, x int) (mean [3]float32) {
	height, width, sum := f.picture.height, f.picture.width, float32(0)
	for row := max(y-1, 0); row <= min(y+1, height-1); row++ {
		for column := max(x-1, 0); column <= min(x+1, width-1); column++ {
			at := f.places[row*width+column].moved(y-row, x-column)
			from := f.paintings[at.painting]
			weight := voices[(y-row)*(y-row)+(x-column)*(x-column)]
			sum += weight
			for c, v := range from.mark(int(at.y)*from.width + int(at.x)) {
				mean[c] += weight * v
			}
		}
	}
	for c := range mean {
		mean[c] /= sum
	}
	return mean
}
