package optimize

import "zellige/internal/parallel"

// Pyramid moves pixels on several scales at once: the picture is a sum of an
// image pyramid's levels, each half as wide and high as the one below and
// enlarged linearly, and Adam moves the values of all levels. A coarse value
// moves as fast as a fine one and takes all pixels under it along, so large
// areas change colour in few steps. The highest frequencies are of the finest
// level alone: that damps, beside the rest, the checkerboard which networks with
// strides leave in the gradient.
//
// The picture is linear in the levels, so their values need not be kept: what
// Adam would add to them is added to the pixels.
type Pyramid struct {
	*Adam // of the levels' values
	*levels
	damping float32 // see [Schedule]; 0 for none
}

// levels are the levels of the pyramid of pictures of one size.
type levels struct {
	all       []level
	gradients []float32      // of all levels, finest first
	moves     []float32      // of all levels
	down, up  *parallel.Loop // over the three colours
	pixels    []float32      // of the call under way
	gradient  []float32
}

// level is one scale, [3][height][width] of the values from offset on.
type level struct{ offset, height, width int }

// linear is the weight of the smoothing filter (weight, 1-2*weight, weight) of rows
// and columns that makes a linear interpolation of repeated pixels.
const linear = 1.0 / 4

// NewPyramid returns an optimiser of pictures [3][height][width] with the given
// number of levels, at least 1; levels beyond a picture of one pixel are left
// out. The learning rate is that of each level.
func NewPyramid(height, width, n int) *Pyramid {
	l := newLevels(height, width, n)
	return &Pyramid{NewAdam(len(l.moves)), l, 0}
}

func (p *Pyramid) damped(damping float64) *Pyramid {
	p.damping = float32(damping)
	return p
}

func newLevels(height, width, n int) *levels {
	l, values := &levels{}, 0
	for range n {
		l.all = append(l.all, level{values, height, width})
		values += 3 * height * width
		if height == 1 && width == 1 {
			break
		}
		height, width = (height+1)/2, (width+1)/2
	}
	l.gradients, l.moves = make([]float32, values), make([]float32, values)
	l.down, l.up = overColors(l.analyseColor), overColors(l.synthesiseColor)
	return l
}

func overColors(body func(color int)) *parallel.Loop {
	return parallel.New(3, func(low, high int) {
		for c := low; c < high; c++ {
			body(c)
		}
	})
}

// Step implements [Optimizer].
func (p *Pyramid) Step(pixels, gradient []float32, loss, rate float64) bool {
	p.analyse(gradient)
	clear(p.moves)
	p.Adam.Step(p.moves, p.gradients, loss, rate)
	p.damp()
	p.synthesise(pixels)
	return true
}

// damp makes the moves of the two finest levels smaller.
func (p *Pyramid) damp() {
	if p.damping == 0 {
		return
	}
	factor := p.damping * p.damping
	for _, l := range p.all[:min(2, len(p.all))] {
		moves := p.moves[l.offset:][:3*l.height*l.width]
		for i := range moves {
			moves[i] *= factor
		}
		factor = p.damping
	}
}

// analyse computes the gradients of all levels from that of the pixels: the
// transpose of synthesise. The moves serve as scratch memory.
func (l *levels) analyse(gradient []float32) {
	l.gradient = gradient
	l.down.Run()
	l.gradient = nil
}

// synthesise adds the moves of all levels to the pixels. The gradients serve as
// scratch memory.
func (l *levels) synthesise(pixels []float32) {
	l.pixels = pixels
	l.up.Run()
	l.pixels = nil
}

func (l *levels) analyseColor(color int) {
	finest := l.all[0].plane(l.gradients, color)
	copy(finest, l.gradient[color*len(finest):])
	for i, coarser := range l.all[1:] {
		finer := l.all[i]
		smoothed := finer.plane(l.moves, color)
		copy(smoothed, finer.plane(l.gradients, color))
		smooth(smoothed, finer.width, linear)
		pool(coarser.plane(l.gradients, color), coarser.width, smoothed, finer.width)
	}
}

func (l *levels) synthesiseColor(color int) {
	for i := len(l.all) - 1; i > 0; i-- {
		coarser, finer := l.all[i], l.all[i-1]
		enlarged := finer.plane(l.gradients, color)
		repeat(enlarged, finer.width, coarser.plane(l.moves, color), coarser.width)
		smooth(enlarged, finer.width, linear)
		add(finer.plane(l.moves, color), enlarged)
	}
	moves := l.all[0].plane(l.moves, color)
	add(l.pixels[color*len(moves):][:len(moves)], moves)
}

// plane is one colour of the level.
func (l level) plane(values []float32, color int) []float32 {
	n := l.height * l.width
	return values[l.offset+color*n:][:n]
}

func add(to, values []float32) {
	for i, v := range values {
		to[i] += v
	}
}

// pool sums squares of 2x2 values of fine, as far as they are inside; it is the
// transpose of repeat.
func pool(coarse []float32, coarseWidth int, fine []float32, fineWidth int) {
	clear(coarse)
	for y := range len(fine) / fineWidth {
		to := coarse[y/2*coarseWidth:]
		for x, v := range fine[y*fineWidth:][:fineWidth] {
			to[x/2] += v
		}
	}
}

// repeat gives squares of 2x2 values of fine the value of coarse there.
func repeat(fine []float32, fineWidth int, coarse []float32, coarseWidth int) {
	for y := range len(fine) / fineWidth {
		from, to := coarse[y/2*coarseWidth:], fine[y*fineWidth:][:fineWidth]
		for x := range to {
			to[x] = from[x/2]
		}
	}
}

// smooth filters rows and columns by (weight, 1-2*weight, weight), in place.
// Edges count as their own neighbours, so the filter is its own transpose.
func smooth(values []float32, width int, weight float32) {
	for y := range len(values) / width {
		row := values[y*width:][:width]
		left := row[0]
		for x, v := range row {
			right := row[min(x+1, width-1)]
			row[x], left = v+weight*(left+right-2*v), v
		}
	}
	for x := 0; x < width; x += strip {
		smoothColumns(values[x:], min(strip, width-x), width, weight)
	}
}

// strip is how many columns are smoothed together, for the cache's sake.
const strip = 64

// smoothColumns does n columns of values whose rows are width apart.
func smoothColumns(values []float32, n, width int, weight float32) {
	var above [strip]float32
	copy(above[:], values[:n])
	last := (len(values) - n) / width
	for y := range last + 1 {
		row, below := values[y*width:][:n], values[min(y+1, last)*width:][:n]
		for x, v := range row {
			row[x], above[x] = v+weight*(above[x]+below[x]-2*v), v
		}
	}
}
