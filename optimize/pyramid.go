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
	gradients []float32        // of all levels, finest first
	moves     []float32        // of all levels
	down, up  []*parallel.Loop // over the rows, of all colours, of each level but the finest
}

// level is one scale, [3][height][width] of the values from offset on.
type level struct{ offset, height, width int }

// linear is the weight of the smoothing filter (weight, 1-2*weight, weight) of rows
// and columns that makes a linear interpolation of repeated pixels. Edges count as their
// own neighbours, so the filter is its own transpose.
const linear = 1.0 / 4

// strip is how many columns of the finer level are filtered together, an even number.
const strip = 128

// NewPyramid returns an optimiser of pictures [3][height][width] with the given
// number of levels, at least 1; levels beyond a picture of one pixel are left
// out. The learning rate is that of each level; damping as in [Schedule].
func NewPyramid(height, width, n int, damping float64) *Pyramid {
	l := newLevels(height, width, n)
	return &Pyramid{NewAdam(len(l.moves)), l, float32(damping)}
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
	for i, coarser := range l.all[1:] {
		l.down = append(l.down, parallel.New(3*coarser.height, func(low, high int) { l.eachRow(i, low, high, l.analyseRow) }))
		l.up = append(l.up, parallel.New(3*coarser.height, func(low, high int) { l.eachRow(i, low, high, l.synthesiseRow) }))
	}
	return l
}

// eachRow does the rows [low, high), of all colours, of the level above level i.
func (l *levels) eachRow(i, low, high int, do func(finer, coarser level, color, row int)) {
	for row := low; row < high; row++ {
		do(l.all[i], l.all[i+1], row/l.all[i+1].height, row%l.all[i+1].height)
	}
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
// transpose of synthesise.
func (l *levels) analyse(gradient []float32) {
	copy(l.gradients, gradient)
	for _, loop := range l.down {
		loop.Run()
	}
}

// synthesise adds the moves of all levels to the pixels.
func (l *levels) synthesise(pixels []float32) {
	for i := len(l.up) - 1; i >= 0; i-- {
		l.up[i].Run()
	}
	add(pixels, l.moves[:len(pixels)])
}

// analyseRow sums squares of 2x2 values of the finer level, smoothed, as far as they are
// inside: a row of the coarser one's gradient.
func (l *levels) analyseRow(finer, coarser level, color, row int) {
	from, to := finer.plane(l.gradients, color), coarser.plane(l.gradients, color)[row*coarser.width:]
	for x := 0; x < finer.width; x += strip {
		n := min(strip, finer.width-x)
		var rows [4][strip]float32 // smoothed along themselves: above, upper, lower, below
		for i := range rows {
			smoothRow(rows[i][:n], finer.row(from, 2*row-1+i), x)
		}
		var both [2][strip + 1]float32 // the last is 0
		for i := range min(2, finer.height-2*row) {
			smooth(both[i][:n], rows[i+1][:], rows[i][:], rows[i+2][:])
		}
		for i := 0; i < n; i += 2 {
			to[(x+i)/2] = both[0][i] + both[0][i+1] + both[1][i] + both[1][i+1]
		}
	}
}

// synthesiseRow adds a row of the coarser level's moves, enlarged, to the finer one's.
func (l *levels) synthesiseRow(finer, coarser level, color, row int) {
	from, to := coarser.plane(l.moves, color), finer.plane(l.moves, color)
	for x := 0; x < finer.width; x += strip {
		n := min(strip, finer.width-x)
		var rows [3][strip]float32 // enlarged along themselves: above, this one, below
		for i := range rows {
			enlargeRow(rows[i][:n], coarser.row(from, row-1+i), x, finer.width)
		}
		var enlarged [strip]float32
		for i := range min(2, finer.height-2*row) { // between above and this one, between this one and below
			smooth(enlarged[:n], rows[1][:], rows[i][:], rows[i+1][:])
			add(to[(2*row+i)*finer.width+x:][:n], enlarged[:n])
		}
	}
}

// plane is one colour of the level.
func (l level) plane(values []float32, color int) []float32 {
	n := l.height * l.width
	return values[l.offset+color*n:][:n]
}

// row is a row of a plane, the nearest one if there is none.
func (l level) row(plane []float32, row int) []float32 {
	return plane[min(max(row, 0), l.height-1)*l.width:][:l.width]
}

func add(to, values []float32) {
	for i, v := range values {
		to[i] += v
	}
}

// smoothRow filters the places of a row from x on.
func smoothRow(to, row []float32, x int) {
	var padded [strip + 2]float32
	n := len(to)
	copy(padded[1:], row[x:][:n])
	padded[0], padded[n+1] = row[max(x-1, 0)], row[min(x+n, len(row)-1)]
	smooth(to, padded[1:], padded[:], padded[2:])
}

// enlargeRow repeats each value of a row, and filters the places from x on, which is even,
// of the width that they make.
func enlargeRow(to, row []float32, x, width int) {
	var repeated [strip + 2]float32
	n := len(to)
	for i, v := range row[x/2:][:(n+1)/2] {
		repeated[1+2*i], repeated[2+2*i] = v, v
	}
	repeated[0], repeated[n+1] = row[max(x-1, 0)/2], row[min(x+n, width-1)/2]
	smooth(to, repeated[1:], repeated[:], repeated[2:])
}

// smooth filters values with what stands before and behind them.
func smooth(to, values, before, behind []float32) {
	for i := smoothSome(to, values, before, behind); i < len(to); i++ {
		to[i] = values[i] + linear*(before[i]+behind[i]-2*values[i])
	}
}
