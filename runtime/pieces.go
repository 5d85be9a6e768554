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
	objective Objective
	pixels    grid
	gradient  grid           // without values if nobody asks for it
	grams     *gramSweep     // nil without a style
	gradients *gradientSweep // nil if there is neither a content nor a gradient
}

func (n *Network) newPieces(o Objective, pixels, gradient []float32) (p *pieces, err error) {
	picture := whole(o.Height, o.Width)
	p = &pieces{objective: o, pixels: grid{picture, pixels}, gradient: grid{picture, gradient}}
	deepest := o.deepest()
	plan, err := n.info.forGradient(deepest).plan(o.Height, o.Width, o.Piece)
	if err != nil {
		return nil, err
	}
	if len(o.Content) > 0 || gradient != nil {
		if p.gradients, err = n.newGradientSweep(o, plan, gradient != nil); err != nil {
			return nil, err
		}
	}
	if len(o.Style) == 0 {
		return p, nil
	}
	plan, err = n.info.forFeatures(deepest).plan(o.Height, o.Width, o.Piece)
	if err == nil {
		p.grams, err = n.newGramSweep(o, plan)
	}
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *pieces) run(ctx context.Context, losses []float32) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	content, style := losses[:len(p.objective.Content)], losses[len(p.objective.Content):]
	if p.grams != nil {
		if err := p.grams.run(ctx, p.pixels); err != nil {
			return err
		}
		p.compare(style)
	}
	if p.gradients == nil {
		return nil
	}
	err := p.gradients.run(ctx, p.pixels, p.gradient)
	for i := range content {
		content[i] = float32(p.gradients.losses[i])
	}
	return err
}

// compare turns the Gram matrices into losses and into what the second sweep needs.
func (p *pieces) compare(losses []float32) {
	for i := range losses {
		var delta []float32
		if p.gradients != nil && p.gradients.deltas != nil {
			delta = p.gradients.deltas[i]
		}
		losses[i] = p.objective.Style[i].compare(p.grams.sums[i], delta)
	}
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
