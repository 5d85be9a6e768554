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
// however they are turned. To cut and open it takes longer than to look at a small image, and
// who looks at a picture mostly looks again, so a network keeps the last one.
type extractor struct {
	stage
	values int // of the image: another size would take more memory beside what is kept
}

// once cuts the graph and runs it, or runs what is cut already.
func (n *Network) once(ctx context.Context, in, out []slot) error {
	e, err := n.extractor(in, out)
	if err == nil {
		err = e.extract(ctx, in, out)
	}
	if err != nil || e.values > 3*mostKept {
		return errors.Join(err, e.close())
	}
	return n.keep(e)
}

// extractor is the one that is kept, if it is for such slots, or a new one. The caller must
// close or keep it, also on error.
func (n *Network) extractor(in, out []slot) (*extractor, error) {
	kept, inputs, outputs := n.replaceKept(nil), slotNames(in), slotNames(out)
	if kept.reads(len(in[0].data), inputs, outputs) {
		return kept, n.checkMemory(kept.cut, in, out)
	}
	if err := kept.close(); err != nil {
		return nil, err
	}
	cut, err := n.cut(n.graph, in, out)
	if err != nil {
		return nil, err
	}
	e := &extractor{values: len(in[0].data)}
	return e, e.openCut(cut, n.threads)
}

// reads reports whether there is an extractor and it is for such an image, inputs and outputs.
func (e *extractor) reads(values int, inputs, outputs []string) bool {
	return e != nil && e.values == values && slices.Equal(namesOf(e.cut.inputs), inputs) && slices.Equal(namesOf(e.cut.outputs), outputs)
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
