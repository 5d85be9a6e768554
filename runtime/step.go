//go:build cgo

package runtime

import (
	"context"
	"fmt"
)

// Step evaluates one objective at the pixels it was prepared with.
type Step struct {
	network *Network
	session *session
	losses  []float32 // of the content terms, then of the style terms
	content int       // number of content terms
}

var _ Evaluator = (*Step)(nil)

// Prepare cuts the graph to the objective. Every Evaluate reads pixels, as
// [3][Height][Width], and writes the gradient of all losses into gradient, of
// the same shape; nil asks for the losses alone. Both slices and the targets
// belong to the step until its Close. The error says which term or slice does not
// fit; an objective without a term is an error.
func (n *Network) Prepare(o Objective, pixels, gradient []float32) (*Step, error) {
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
	in := append([]slot{imageSlot(Image{o.Height, o.Width, pixels})}, n.targetSlots(o)...)
	out := lossSlots(o)
	if gradient != nil {
		if err := checkPixels("the gradient", gradient, o.Height, o.Width); err != nil {
			return nil, err
		}
		out = append(out, tensor("gradient", gradient, 1, 3, o.Height, o.Width))
	}
	session, err := n.newSession(in, out)
	if err != nil {
		return nil, err
	}
	s := &Step{
		network: n,
		session: session,
		losses:  make([]float32, len(o.Content)+len(o.Style)),
		content: len(o.Content),
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.steps[s] = true // for Close of the network
	return s, nil
}

// Nodes returns the number of operators in the cut graph.
func (s *Step) Nodes() int { return s.session.nodes }

// Evaluate runs the cut graph once. It allocates nothing. If ctx is done the run
// ends before the next operator and the error is the context's; the step can be
// used again. After Close it is an error.
func (s *Step) Evaluate(ctx context.Context) (Losses, error) {
	if err := s.session.run(ctx, s.losses); err != nil {
		return Losses{}, fmt.Errorf("evaluate the network: %w", err)
	}
	return Losses{Content: s.losses[:s.content], Style: s.losses[s.content:]}, nil
}

// Close gives the step's memory back. It waits for an evaluation that is under
// way and is idempotent.
func (s *Step) Close() error {
	err := s.session.close()
	s.network.mutex.Lock()
	defer s.network.mutex.Unlock()
	delete(s.network.steps, s)
	return err
}

// targetSlots are the inputs beside the image.
func (n *Network) targetSlots(o Objective) []slot {
	var in []slot
	for _, t := range o.Content {
		in = append(in, scalar(contentWeight(t.Layer), t.Weight),
			tensor(contentTarget(t.Layer), t.Target, n.info.featureShape(t.Layer, o.Height, o.Width)...))
	}
	for _, t := range o.Style {
		in = append(in, scalar(styleWeight(t.Layer), t.Weight), scalar(styleScale(t.Layer), t.Scale),
			tensor(styleTarget(t.Layer), t.Target, n.info.gramShape(t.Layer)...))
	}
	return in
}

// lossSlots are the outputs beside the gradient, in the order of the terms.
func lossSlots(o Objective) []slot {
	var out []slot
	for _, t := range o.Content {
		out = append(out, scalar(contentLoss(t.Layer), 0))
	}
	for _, t := range o.Style {
		out = append(out, scalar(styleLoss(t.Layer), 0))
	}
	return out
}
