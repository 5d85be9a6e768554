//go:build cgo

package runtime

import (
	"context"
	"slices"
)

// evaluator is the [Evaluator] of a network.
type evaluator struct {
	network    *Network
	layout     *layout
	evaluation evaluation
	columns    []*columns // of targets that are taken apart before the graph reads them
	losses     []float32  // of the content terms, the style terms and the match terms
	content    int        // how many are of content terms
	style      int        // and of style terms
}

// evaluation computes the losses of an objective, and the gradient if it was made
// to.
type evaluation interface {
	run(ctx context.Context, losses []float32) error
	close() error
}

var (
	_ Evaluator  = (*evaluator)(nil)
	_ evaluation = (*session)(nil)
	_ evaluation = (*piecewise)(nil)
)

// Prepare cuts the graph to the objective. Every Evaluate reads pixels, as
// [3][Height][Width], and writes the gradient of all losses into gradient, of
// the same shape; nil asks for the losses alone. Both slices, the targets and the
// masks belong to the evaluator until its Close. The error says which term or slice
// does not fit; an objective without a term is an error.
func (n *Network) Prepare(o Objective, pixels, gradient []float32) (Evaluator, error) {
	if err := n.enter(); err != nil {
		return nil, err
	}
	defer n.busy.Done()
	if err := o.check(n.info); err != nil {
		return nil, err
	}
	if err := checkPixels("the image", pixels, o.Height, o.Width); err != nil {
		return nil, err
	}
	if gradient != nil {
		if err := checkPixels("the gradient", gradient, o.Height, o.Width); err != nil {
			return nil, err
		}
	}
	layout, err := n.info.layout(&o, gradient != nil)
	if err != nil {
		return nil, err
	}
	e := &evaluator{
		network: n,
		layout:  layout,
		losses:  make([]float32, len(o.Content)+len(o.Style)+len(o.Match)),
		content: len(o.Content),
		style:   len(o.Style),
	}
	if e.evaluation, err = e.open(&o, pixels, gradient); err != nil {
		return nil, err
	}
	e.Retarget()
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.evaluators[e] = true // for Close of the network
	return e, nil
}

// open makes what executes the layout of an objective.
func (e *evaluator) open(o *Objective, pixels, gradient []float32) (evaluation, error) {
	n := e.network
	if !o.Recomputes() {
		if err := n.computeTargets(o); err != nil {
			return nil, err
		}
	}
	if err := n.keep(nil); err != nil { // what it holds is wanted now
		return nil, err
	}
	if !e.layout.atOnce {
		return n.newPiecewise(o, e.layout, pixels, gradient)
	}
	in := []slot{imageSlot(Image{o.Height, o.Width, pixels})}
	in, out := slices.Concat(in, e.contentSlots(*o), n.styleSlots(*o), n.matchSlots(*o)), lossSlots(*o)
	if gradient != nil {
		out = append(out, tensor("gradient", gradient, 1, 3, o.Height, o.Width))
	}
	return n.newSession(n.graph.withRegions(gramsOf(o.Style, false)), in, out)
}

// Evaluate runs the cut graph once, or once or twice for every piece. It allocates
// nothing. If ctx is done the run ends before the next operator and the error is
// the context's; the evaluator can be used again. After Close it is an error.
func (e *evaluator) Evaluate(ctx context.Context) (Losses, error) {
	if err := e.evaluation.run(ctx, e.losses); err != nil {
		return Losses{}, evaluateError(err)
	}
	match := e.content + e.style
	return Losses{Content: e.losses[:e.content], Style: e.losses[e.content:match], Match: e.losses[match:]}, nil
}

// Retarget reads the targets anew, which may have been overwritten.
func (e *evaluator) Retarget() {
	for _, c := range e.columns {
		c.take.Run()
	}
}

// Close gives the evaluator's memory back. It waits for an evaluation that is under
// way and is idempotent.
func (e *evaluator) Close() error {
	err := e.evaluation.close()
	e.columns = nil
	e.network.mutex.Lock()
	defer e.network.mutex.Unlock()
	delete(e.network.evaluators, e)
	return err
}

// contentSlots are the inputs of the content terms, which have their targets.
func (e *evaluator) contentSlots(o Objective) (in []slot) {
	for _, t := range o.Content {
		shape := e.network.info.featureShape(t.Layer, o.Height, o.Width)
		in = append(in, scalar(contentWeight(t.Layer), t.Weight))
		parts := e.network.info.Layers[t.Layer].columns
		if parts[0] == "" {
			in = append(in, tensor(contentTarget(t.Layer), t.Target, shape...))
			continue
		}
		c := newColumns(t.Target, shape[3])
		e.columns = append(e.columns, c)
		for i, values := range [][]float32{c.even, c.odd} {
			part := tensor(parts[i], values, shape[1], len(values)/shape[1])
			part.inner = true
			in = append(in, part)
		}
	}
	return in
}

// computeTargets computes the targets of the content terms that have a picture
// instead.
func (n *Network) computeTargets(o *Objective) error {
	o.Content = slices.Clone(o.Content)
	for i := range o.Content {
		t := &o.Content[i]
		if t.Content == nil {
			continue
		}
		picture := Image{o.Height, o.Width, make([]float32, 3*o.Height*o.Width)}
		t.Content(picture, 0, 0)
		e, err := n.extract(context.Background(), picture, []int{t.Layer}, nil)
		if err != nil {
			return err
		}
		t.Target, t.Content = e.Features[0], nil
	}
	return nil
}

// styleSlots are the inputs of the style terms.
func (n *Network) styleSlots(o Objective) []slot {
	var in []slot
	for i, names := range gramsOf(o.Style, false) {
		t := o.Style[i]
		in = append(in, scalar(names.weight(), t.Weight), scalar(names.scale(), t.Scale),
			tensor(names.target(), t.Target, n.info.gramShape(t.Layer)...))
		if t.Mask != nil {
			in = append(in, tensor(names.mask(), t.Mask, n.info.maskShape(t.Layer, o.Height, o.Width)...))
		}
	}
	return in
}

// matchSlots are the inputs of the match terms.
func (n *Network) matchSlots(o Objective) []slot {
	var in []slot
	for _, t := range o.Match {
		in = append(in, scalar(matchWeight(t.Layer), t.Weight),
			tensor(matchTarget(t.Layer), t.Target, n.info.matchShape(t.Layer, o.Height, o.Width)...))
	}
	return in
}

// lossSlots are the outputs beside the gradient, in the order of the terms.
func lossSlots(o Objective) []slot {
	var out []slot
	for _, t := range o.Content {
		out = append(out, scalar(contentLoss(t.Layer), 0))
	}
	for _, names := range gramsOf(o.Style, false) {
		out = append(out, scalar(names.loss(), 0))
	}
	for _, t := range o.Match {
		out = append(out, scalar(matchLoss(t.Layer), 0))
	}
	return out
}
