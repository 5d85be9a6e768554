//go:build cgo

package runtime

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// piecewise evaluates an objective piece by piece, in two sweeps over the pieces of
// each segment of the network. A Gram matrix is a sum over positions, so the forward
// sweeps add up the pieces' shares of them. Then the gradient with respect to each
// Gram matrix is known, and with it every piece's gradient comes out of its crop
// alone, as do the content and matching losses, in the backward sweeps from the last segment to
// the first.
type piecewise struct {
	mutex    sync.Mutex // held by run and by close, which so waits for run
	segments []*segmentSweeps
}

// segmentSweeps are those over the pieces of a segment; nil if absent.
type segmentSweeps struct {
	share    *boundShare
	forward  *forwardSweep
	backward *backwardSweep
}

// boundShare is a segment's share of an objective with the slices that it works on,
// of the whole picture.
type boundShare struct {
	share
	objective *Objective
	styles    []StyleTerm // of the share
	input     grid        // what the segment reads
	gradient  grid        // of the objective in that; without values if nobody asks for it
}

func (n *Network) newPiecewise(o *Objective, l *layout, pixels, gradient []float32) (p *piecewise, err error) {
	bound := make([]*boundShare, len(l.shares)+1) // there is none behind the last
	for i, s := range l.shares {
		bound[i] = newBoundShare(s, o, pixels, gradient)
	}
	p = &piecewise{}
	for i, b := range bound[:len(l.shares)] {
		s, err := n.newSegmentSweeps(b, bound[i+1])
		if err != nil {
			return nil, errors.Join(err, p.close())
		}
		p.segments = append(p.segments, s)
	}
	return p, nil
}

// newBoundShare gives the first segment the pixels and their gradient, and every other
// one room for what it reads and for its gradient.
func newBoundShare(s share, o *Objective, pixels, gradient []float32) *boundShare {
	b := &boundShare{share: s, objective: o}
	for _, t := range s.style {
		b.styles = append(b.styles, o.Style[t.index])
	}
	if s.first == imageItself {
		b.input, b.gradient = grid{s.picture, pixels}, grid{s.picture, gradient}
		return b
	}
	b.input = newGrid(s.picture, s.planes())
	if gradient != nil {
		b.gradient = newGrid(s.picture, s.planes())
	}
	return b
}

func (n *Network) newSegmentSweeps(b, next *boundShare) (*segmentSweeps, error) {
	s := &segmentSweeps{share: b}
	var err error
	if b.share.forward != nil {
		if s.forward, err = n.newForwardSweep(b, next); err != nil {
			return nil, err
		}
	}
	if b.share.backward != nil {
		if s.backward, err = n.newBackwardSweep(b, next); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

func (p *piecewise) run(ctx context.Context, losses []float32) error {
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
func (s *segmentSweeps) runForward(ctx context.Context, losses []float32) error {
	if s.forward == nil {
		return nil
	}
	if err := s.forward.run(ctx); err != nil {
		return err
	}
	for i, t := range s.share.style {
		var delta []float32
		if s.backward != nil && s.backward.deltas != nil {
			delta = s.backward.deltas[i]
		}
		losses[len(s.share.objective.Content)+t.index] = s.share.styles[i].compare(s.forward.sums[i], delta)
	}
	return nil
}

func (s *segmentSweeps) runBackward(ctx context.Context, losses []float32) error {
	if s.backward == nil {
		return nil
	}
	err := s.backward.run(ctx)
	o := s.share.objective
	for i, loss := range s.backward.losses {
		if n := i - len(s.share.content); n >= 0 {
			losses[len(o.Content)+len(o.Style)+s.share.match[n].index] = float32(loss)
		} else {
			losses[s.share.content[i].index] = float32(loss)
		}
	}
	return err
}

func (p *piecewise) close() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var errs []error
	for _, s := range p.segments {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}

func (s *segmentSweeps) close() error {
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
