//go:build cgo

package runtime

import (
	"context"
	"errors"
	"sync"
)

// pieces evaluates an objective piece by piece, in two sweeps over the pieces. A
// Gram matrix is a sum over positions, so the first sweep adds up the pieces'
// shares of them. Then the gradient with respect to each Gram matrix is known, and
// with it every piece's gradient comes out of its crop alone, as do the content
// losses, in the second sweep.
type pieces struct {
	mutex     sync.Mutex // held by run and by close, which so waits for run
	info      *Info
	objective Objective
	pieces    []piece
	pixels    grid
	gradient  grid // without values if nobody asks for it
	crop      grid // the pixels of the piece at hand, which all sessions read
	grams     *gramSweep
	gradients *gradientSweep
}

func (n *Network) newPieces(o Objective, pixels, gradient []float32) (*pieces, error) {
	plan, err := n.info.plan(o.Height, o.Width, o.deepest(), o.Piece)
	if err != nil {
		return nil, err
	}
	picture := whole(o.Height, o.Width)
	p := &pieces{info: n.info, objective: o, pieces: plan, pixels: grid{picture, pixels}, gradient: grid{picture, gradient}}
	p.crop = newGrid(plan[0].crop, 3)
	if len(o.Style) > 0 {
		if p.grams, err = n.newGramSweep(o, p.crop); err != nil {
			return nil, errors.Join(err, p.close())
		}
	}
	if len(o.Content) > 0 || gradient != nil {
		if p.gradients, err = n.newGradientSweep(o, p.crop, gradient != nil); err != nil {
			return nil, errors.Join(err, p.close())
		}
	}
	return p, nil
}

func (p *pieces) run(ctx context.Context, losses []float32) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	content, style := losses[:len(p.objective.Content)], losses[len(p.objective.Content):]
	if p.grams != nil {
		if err := p.sweepGrams(ctx, style); err != nil {
			return err
		}
	}
	if p.gradients != nil {
		return p.sweepGradients(ctx, content)
	}
	return nil
}

// sweepGrams adds up the Gram matrices, and turns them into losses and into what
// the second sweep needs.
func (p *pieces) sweepGrams(ctx context.Context, losses []float32) error {
	p.grams.reset()
	for _, piece := range p.pieces {
		p.load(piece)
		if err := p.grams.add(ctx, piece); err != nil {
			return err
		}
	}
	for i := range losses {
		var delta []float32
		if p.gradients != nil && p.gradients.deltas != nil {
			delta = p.gradients.deltas[i]
		}
		losses[i] = p.objective.Style[i].compare(p.grams.sums[i], delta)
	}
	return nil
}

// sweepGradients computes the gradient and the content losses.
func (p *pieces) sweepGradients(ctx context.Context, losses []float32) error {
	p.gradients.reset()
	for _, piece := range p.pieces {
		p.load(piece)
		if err := p.gradients.add(ctx, piece); err != nil {
			return err
		}
		if p.gradient.values != nil {
			paste(p.gradient, p.gradients.gradient.at(piece.crop), piece.owned)
		}
	}
	for i := range losses {
		losses[i] = float32(p.gradients.losses[i])
	}
	return nil
}

// load makes a piece the one at hand.
func (p *pieces) load(piece piece) {
	paste(p.crop.at(piece.crop), p.pixels, piece.crop)
}

func (p *pieces) operators() int {
	n := 0
	if p.grams != nil {
		n += p.grams.session.operators()
	}
	if p.gradients != nil {
		n += p.gradients.session.operators()
	}
	return n
}

func (p *pieces) close() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var errs []error
	if p.grams != nil {
		errs = append(errs, p.grams.close())
	}
	if p.gradients != nil {
		errs = append(errs, p.gradients.close())
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
