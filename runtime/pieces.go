//go:build cgo

package runtime

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// pieces evaluates an objective piece by piece, in two sweeps over the pieces of
// each segment of the network. A Gram matrix is a sum over positions, so the forward
// sweeps add up the pieces' shares of them. Then the gradient with respect to each
// Gram matrix is known, and with it every piece's gradient comes out of its crop
// alone, as do the content losses, in the backward sweeps from the last segment to
// the first.
type pieces struct {
	mutex    sync.Mutex // held by run and by close, which so waits for run
	segments []*sweeps
}

// sweeps are those over the pieces of a segment.
type sweeps struct {
	task     *task
	forward  *forwardSweep  // nil if the segment has neither a style nor a next one
	backward *backwardSweep // nil if there is neither a content nor a gradient
}

// task is a segment's share of an objective.
type task struct {
	segment
	picture  area
	input    grid // what the segment reads
	gradient grid // of the objective in that; without values if nobody asks for it
	content  []ContentTerm
	style    []StyleTerm

	// Where the losses of these terms go among those of the objective.
	contentLosses, styleLosses []int
}

func (n *Network) newPieces(o Objective, pixels, gradient []float32) (p *pieces, err error) {
	segments, err := n.info.segmentsOf(&o)
	if err != nil {
		return nil, err
	}
	if len(segments) > 1 {
		if err := n.computeTargets(&o); err != nil {
			return nil, err
		}
	}
	var tasks []*task
	for _, s := range segments {
		tasks = append(tasks, n.newTask(s, &o, pixels, gradient))
	}
	p = &pieces{}
	for i, t := range tasks {
		next := (*task)(nil)
		if i+1 < len(tasks) {
			next = tasks[i+1]
		}
		s, err := n.newSweeps(t, next, o.Piece)
		if err != nil {
			return nil, errors.Join(err, p.close())
		}
		p.segments = append(p.segments, s)
	}
	return p, nil
}

// newTask gives the first segment the pixels and their gradient, and every other one
// room for what it reads and for its gradient.
func (n *Network) newTask(s segment, o *Objective, pixels, gradient []float32) *task {
	t := &task{segment: s, picture: s.picture(n.info, o.Height, o.Width)}
	if s.first == image {
		t.input, t.gradient = grid{t.picture, pixels}, grid{t.picture, gradient}
	} else {
		t.input = newGrid(t.picture, s.planes())
		if gradient != nil {
			t.gradient = newGrid(t.picture, s.planes())
		}
	}
	for i, term := range o.Content {
		if s.has(term.Layer) {
			t.content, t.contentLosses = append(t.content, term), append(t.contentLosses, i)
		}
	}
	for i, term := range o.Style {
		if s.has(term.Layer) {
			t.style, t.styleLosses = append(t.style, term), append(t.styleLosses, len(o.Content)+i)
		}
	}
	return t
}

func (n *Network) newSweeps(t, next *task, piece int) (*sweeps, error) {
	s := &sweeps{task: t}
	var err error
	if len(t.style) > 0 || next != nil {
		if s.forward, err = n.newForwardSweep(t, next, t.plan(t.forFeatures(), piece)); err != nil {
			return nil, err
		}
	}
	if len(t.content) > 0 || t.gradient.values != nil {
		if s.backward, err = n.newBackwardSweep(t, next, t.plan(t.forGradient(), piece)); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

// plan is the segment's pieces of the picture.
func (t *task) plan(p purpose, piece int) []piece {
	return p.plan(t.picture.height(), t.picture.width(), t.most(piece))
}

func (p *pieces) run(ctx context.Context, losses []float32) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, s := range p.segments {
		if err := s.runForward(ctx, losses); err != nil {
			return err
		}
	}
	for _, s := range slices.Backward(p.segments) {
		if err := s.runBackward(ctx, losses); err != nil {
			return err
		}
	}
	return nil
}

// runForward turns the Gram matrices into losses and into what the backward sweep
// needs.
func (s *sweeps) runForward(ctx context.Context, losses []float32) error {
	if s.forward == nil {
		return nil
	}
	if err := s.forward.run(ctx); err != nil {
		return err
	}
	for i, term := range s.task.style {
		var delta []float32
		if s.backward != nil && s.backward.deltas != nil {
			delta = s.backward.deltas[i]
		}
		losses[s.task.styleLosses[i]] = term.compare(s.forward.sums[i], delta)
	}
	return nil
}

func (s *sweeps) runBackward(ctx context.Context, losses []float32) error {
	if s.backward == nil {
		return nil
	}
	err := s.backward.run(ctx)
	for i, loss := range s.backward.losses {
		losses[s.task.contentLosses[i]] = float32(loss)
	}
	return err
}

func (p *pieces) operators() int {
	n := 0
	for _, s := range p.segments {
		if s.forward != nil {
			n += s.forward.session.operators()
		}
		if s.backward != nil {
			n += s.backward.session.operators()
		}
	}
	return n
}

func (p *pieces) close() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var errs []error
	for _, s := range p.segments {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}

func (s *sweeps) close() error {
	var errs []error
	if s.forward != nil {
		errs = append(errs, s.forward.close())
	}
	if s.backward != nil {
		errs = append(errs, s.backward.close())
	}
	return errors.Join(errs...)
}

// compare returns the loss of a Gram matrix and, if delta is not nil, what the
// style term's cotangent in the features F is a product of with F:
// 4 Weight Scale (G - Target).
func (t *StyleTerm) compare(gram []float64, delta []float32) float32 {
	sum, factor := 0.0, 4*float64(t.Weight)*float64(t.Scale)
	for i, g := range gram {
		difference := g - float64(t.Target[i])
		sum += difference * difference
		if delta != nil {
			delta[i] = float32(factor * difference)
		}
	}
	return float32(float64(t.Weight) * sum)
}
