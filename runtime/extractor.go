//go:build cgo

package runtime

import (
	"context"
	"errors"
	"slices"
)

// mostKept is how many pixels an extractor reads at most that stays open: what it holds is
// little then beside what the evaluation of an objective takes.
const mostKept = 1 << 19

// extractor is a cut graph that computes features or Gram matrices of images of one size,
// however they are turned.
// It takes longer to open than to look at a small image, and who looks at a picture
// mostly looks again, so a network keeps the last one.
type extractor struct {
	stage
	inputs, outputs []string
	pixels          int // values of the image: another size would take more memory beside what is kept
}

// once cuts the graph and runs it, or runs what is cut already.
func (n *Network) once(ctx context.Context, in, out []slot) error {
	e, err := n.extractor(in, out)
	if err != nil {
		return err
	}
	if err = e.extract(ctx, in, out); err != nil || len(in[0].data) > 3*mostKept {
		return errors.Join(err, e.close())
	}
	return n.keep(e)
}

// extractor is the one that is kept, if it is for such slots, or a new one.
func (n *Network) extractor(in, out []slot) (*extractor, error) {
	cut, err := n.cut(n.graph, in, out)
	if err != nil {
		return nil, err
	}
	kept, inputs, outputs := n.replaceKept(nil), slotNames(in), slotNames(out)
	if kept != nil && kept.pixels == len(in[0].data) && slices.Equal(kept.inputs, inputs) && slices.Equal(kept.outputs, outputs) {
		return kept, nil
	}
	if err := kept.close(); err != nil {
		return nil, err
	}
	e := &extractor{inputs: inputs, outputs: outputs, pixels: len(in[0].data)}
	if err := e.open(cut, n.threads, inputs, outputs); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

// extract runs the graph once.
func (e *extractor) extract(ctx context.Context, in, out []slot) (err error) {
	inputs, err := bind(in)
	defer func() { err = errors.Join(err, destroy(inputs)) }()
	if err != nil {
		return err
	}
	outputs, err := bind(out)
	defer func() { err = errors.Join(err, destroy(outputs)) }()
	if err != nil {
		return err
	}
	if err := e.run(ctx, inputs, outputs); err != nil {
		return evaluateError(err)
	}
	return nil
}

// keep keeps an extractor, or none, instead of the one before.
func (n *Network) keep(e *extractor) error { return n.replaceKept(e).close() }

// replaceKept is the extractor that was kept so far, which the caller must close or keep.
func (n *Network) replaceKept(e *extractor) (before *extractor) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	before, n.kept = n.kept, e
	return before
}

// close takes nil, too.
func (e *extractor) close() error {
	if e == nil {
		return nil
	}
	err := e.stage.close()
	giveBack()
	return err
}
