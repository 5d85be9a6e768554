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
	nodes   int
	losses  Losses
}

var _ Evaluator = (*Step)(nil)

// Prepare cuts the graph to the objective. Every Evaluate reads pixels, as
// [3][Height][Width], and writes the gradient of all losses into gradient, of
// the same shape; nil asks for the losses alone. Both slices and the targets
// belong to the step until its Close.
func (n *Network) Prepare(o Objective, pixels, gradient []float32) (*Step, error) {
	if err := o.check(n.info); err != nil {
		return nil, err
	}
	if want := 3 * o.Height * o.Width; len(pixels) != want || gradient != nil && len(gradient) != want {
		return nil, fmt.Errorf("pixels and gradient hold %d and %d values, a picture of %dx%d has %d",
			len(pixels), len(gradient), o.Width, o.Height, want)
	}
	in := append([]slot{imageSlot(Image{o.Height, o.Width, pixels})}, n.targetSlots(o)...)
	out := lossSlots(o)
	if gradient != nil {
		out = append(out, tensor("gradient", gradient, 1, 3, o.Height, o.Width))
	}
	session, err := n.newSession(in, out)
	if err != nil {
		return nil, err
	}
	return n.register(&Step{
		network: n,
		session: session,
		losses:  Losses{make([]float32, len(o.Content)), make([]float32, len(o.Style))},
	})
}

// register notes the step, for Close of the network.
func (n *Network) register(s *Step) (*Step, error) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.steps[s] = true
	return s, nil
}

// Nodes returns the number of operators in the cut graph.
func (s *Step) Nodes() int { return s.session.nodes }

// Evaluate runs the cut graph once. It allocates nothing. If ctx is done the run
// ends before the next operator and the error is the context's.
func (s *Step) Evaluate(ctx context.Context) (Losses, error) {
	if err := s.session.run(ctx); err != nil {
		return Losses{}, err
	}
	for i := range s.losses.Content {
		s.losses.Content[i] = s.session.scalarOutput(i)
	}
	for i := range s.losses.Style {
		s.losses.Style[i] = s.session.scalarOutput(len(s.losses.Content) + i)
	}
	return s.losses, nil
}

// Close gives the step's memory back. It is idempotent; Evaluate must not be
// called afterwards.
func (s *Step) Close() error {
	s.network.mutex.Lock()
	defer s.network.mutex.Unlock()
	if !s.network.steps[s] {
		return nil
	}
	delete(s.network.steps, s)
	return s.session.close()
}

// targetSlots are the inputs beside the image.
func (n *Network) targetSlots(o Objective) []slot {
	var in []slot
	for _, t := range o.Content {
		h, w := n.info.FeatureSize(t.Layer, o.Height, o.Width)
		in = append(in, scalar(contentWeight(t.Layer), t.Weight),
			tensor(contentTarget(t.Layer), t.Target, 1, n.info.Layers[t.Layer].Channels, h, w))
	}
	for _, t := range o.Style {
		c := n.info.Layers[t.Layer].Channels
		in = append(in, scalar(styleWeight(t.Layer), t.Weight), scalar(styleScale(t.Layer), t.Scale),
			tensor(styleTarget(t.Layer), t.Target, c, c))
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
