package optimize

import "math"

// History is how many of its steps L-BFGS remembers of pictures of so many values:
// 10, but less where they would take more than half a gigabyte, and at least 2.
func History(values int) int { return max(2, min(10, 1<<26/values)) }

// LBFGS is the quasi-Newton method with limited memory (Nocedal, "Updating
// quasi-Newton matrices with limited storage", 1980). The path of its line search is
// projected onto the bounds, and values on a bound that they would leave are not
// moved (Bertsekas, "Projected Newton methods", 1982).
//
// The learning rate matters to a step that knows no earlier ones: it is the root
// mean square by which that tries to move the pixels.
type LBFGS struct {
	*vectors
	bounds    *Bounds
	levels    *levels   // nil if absent
	begun     bool      // there is a line search
	base      []float32 // the pixels where it began
	gradient  []float32 // there
	loss      float64   // there
	direction []float32
	search    lineSearch
	pairs     []pair // oldest first; behind the used ones is room for the next
	used      int
}

// pair is what one accepted step taught.
type pair struct {
	move   []float32 // of the pixels
	change []float32 // of the gradient
	slope  float64   // move * change, positive
	factor float64   // of the recursion
}

// NewLBFGS returns an optimiser of pictures [3][height][width] that stays within
// bounds. It begins with the inverse Hessian that moves the given number of levels
// of an image pyramid alike ([Pyramid]); with 0 levels, the pixels.
func NewLBFGS(height, width, levels int, bounds *Bounds) *LBFGS {
	n := 3 * height * width
	l := &LBFGS{vectors: newVectors(n), bounds: bounds}
	if levels > 0 {
		l.levels = newLevels(height, width, levels)
	}
	l.base, l.gradient, l.direction = make([]float32, n), make([]float32, n), make([]float32, n)
	l.pairs = make([]pair, History(n)+1)
	for i := range l.pairs {
		l.pairs[i].move, l.pairs[i].change = make([]float32, n), make([]float32, n)
	}
	return l
}

// Step implements [Optimizer].
func (l *LBFGS) Step(pixels, gradient []float32, loss, rate float64) bool {
	accepted := !l.begun || l.accepts(pixels, gradient, loss)
	switch {
	case accepted:
		copy(l.base, pixels)
		copy(l.gradient, gradient)
		l.loss = loss
		l.begin(rate)
	case l.search.tries < maxTries:
	case l.used > 0: // the pairs mislead
		l.used = 0
		l.begin(rate)
	default: // look again at what may be the lowest point
		l.search.step, l.begun = 0, false
	}
	l.combine(pixels, 1, l.base, l.search.step, l.direction)
	l.bounds.Clamp(pixels)
	return accepted
}

// accepts ends the line search if its last step was good, and learns from it.
func (l *LBFGS) accepts(pixels, gradient []float32, loss float64) bool {
	p := &l.pairs[l.used]
	l.combine(p.move, 1, pixels, -1, l.base)
	if !l.search.accepts(l.loss, loss, l.dot(l.gradient, p.move), l.dot(gradient, p.move)) {
		return false
	}
	l.combine(p.change, 1, gradient, -1, l.gradient)
	switch {
	case !l.measure(p): // forget it
	case l.used+1 < len(l.pairs):
		l.used++
	default:
		oldest := l.pairs[0]
		copy(l.pairs[:], l.pairs[1:])
		l.pairs[l.used] = oldest
	}
	return true
}

// measure reports whether the loss is convex enough along a pair to learn from it.
func (l *LBFGS) measure(p *pair) bool {
	const minCosine = 1e-5 // of the angle between the two
	p.slope = l.dot(p.move, p.change)
	return p.slope > minCosine*math.Sqrt(l.dot(p.move, p.move)*l.dot(p.change, p.change))
}

// begin begins a line search at the base.
func (l *LBFGS) begin(rate float64) {
	l.direct()
	l.begun, l.search = true, lineSearch{step: 1}
	if size := math.Sqrt(l.dot(l.direction, l.direction) / float64(len(l.base))); l.used == 0 && size > 0 {
		l.search.step = rate / size
	}
}

// direct makes the direction: minus the gradient times the inverse Hessian, as the
// pairs tell it, by the two-loop recursion, for the values that are free to move.
func (l *LBFGS) direct() {
	d, scale := l.direction, 1.0
	if l.used > 0 {
		newest := &l.pairs[l.used-1]
		copy(d, newest.change)
		l.precondition(d)
		scale = newest.slope / l.dot(newest.change, d)
	}
	l.combine(d, -1, l.gradient, 0, l.gradient)
	l.bounds.Hold(d, l.base, l.gradient)
	for i := l.used - 1; i >= 0; i-- {
		p := &l.pairs[i]
		p.factor = l.dot(p.move, d) / p.slope
		l.combine(d, 1, d, -p.factor, p.change)
	}
	l.precondition(d)
	for i := range l.used {
		p := &l.pairs[i]
		l.combine(d, scale, d, p.factor-scale*l.dot(p.change, d)/p.slope, p.move)
		scale = 1
	}
	l.bounds.Hold(d, l.base, l.gradient)
}

// precondition multiplies by what is taken for the inverse Hessian before anything
// is learnt, up to a factor.
func (l *LBFGS) precondition(d []float32) {
	if l.levels == nil {
		return
	}
	l.levels.analyse(d)
	copy(l.levels.moves, l.levels.gradients)
	clear(d)
	l.levels.synthesise(d)
}

// Retreats is true as long as the line search can try a shorter step.
func (l *LBFGS) Retreats() bool {
	return l.begun && (l.used > 0 || l.search.tries < maxTries-1)
}

// Settle moves pixels to where the line search began: it went on from there because
// the loss was lowest.
func (l *LBFGS) Settle(pixels []float32) {
	if l.begun {
		copy(pixels, l.base)
	}
}

// State holds the line search, if there is one, and the pairs.
func (l *LBFGS) State() State {
	if !l.begun {
		return State{}
	}
	s := State{
		Scalars: []float64{l.loss, l.search.step, l.search.low, l.search.high, float64(l.search.tries)},
		Vectors: [][]float32{l.base, l.gradient, l.direction},
	}
	for _, p := range l.pairs[:l.used] {
		s.Vectors = append(s.Vectors, p.move, p.change)
	}
	return s
}

// Restore makes L-BFGS go on from a state of an optimiser of the same size.
func (l *LBFGS) Restore(s State) error {
	l.begun = len(s.Vectors) > 0
	l.used = max(0, min((len(s.Vectors)-3)/2, len(l.pairs)-1))
	if err := l.State().copyFrom(s); err != nil || !l.begun {
		return err
	}
	l.loss, l.search = s.Scalars[0], lineSearch{s.Scalars[1], s.Scalars[2], s.Scalars[3], int(s.Scalars[4])}
	for i := range l.used {
		l.measure(&l.pairs[i])
	}
	return nil
}
