//go:build cgo

package runtime

import (
	"context"
	"errors"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// session is one cut graph in ONNX Runtime with the tensors it reads and writes.
// It keeps them alive until close: ONNX Runtime holds plain pointers to them.
type session struct {
	opened[*ort.AdvancedSession]
	mutex   sync.Mutex // held by run and by close, which so waits for run
	inputs  []ort.Value
	outputs []ort.Value
}

// newSession cuts a graph from inputs to outputs and opens it.
func (n *Network) newSession(graph *Graph, inputs, outputs []slot) (*session, error) {
	cut, err := n.cut(graph, inputs, outputs)
	if err != nil {
		return nil, err
	}
	s := &session{}
	if err := s.open(cut, n.threads, inputs, outputs); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// cut cuts a graph from inputs to outputs, and refuses what takes far more memory than foreseen.
func (n *Network) cut(graph *Graph, inputs, outputs []slot) (*Graph, error) {
	cut, err := graph.Cut(slotNames(inputs), slotNames(outputs))
	if err != nil {
		return nil, err
	}
	return cut, n.checkMemory(cut, inputs, outputs)
}

// open makes all that close destroys.
func (s *session) open(cut *Graph, threads int, inputs, outputs []slot) (err error) {
	if s.inputs, err = bind(inputs); err != nil {
		return err
	}
	if s.outputs, err = bind(outputs); err != nil {
		return err
	}
	in, out := slotNames(inputs), slotNames(outputs)
	return s.opened.open(cut, threads, func(model []byte, o *ort.SessionOptions) (*ort.AdvancedSession, error) {
		return ort.NewAdvancedSessionWithONNXData(model, in, out, s.inputs, s.outputs, o)
	})
}

// run evaluates the cut graph once and copies the first outputs, which must be
// scalars, into scalars. It allocates nothing unless it fails or opens the graph anew.
func (s *session) run(ctx context.Context, scalars []float32) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.ort == nil {
		return errClosed
	}
	if err := s.opened.run(ctx, s.ort.RunWithOptions); err != nil {
		return err
	}
	for i := range scalars {
		scalars[i] = s.outputs[i].(*ort.Scalar[float32]).GetData()
	}
	return nil
}

// close is idempotent and takes a session that newSession made only in part.
func (s *session) close() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	err := errors.Join(s.opened.close(), destroy(s.inputs), destroy(s.outputs))
	s.inputs, s.outputs = nil, nil
	giveBack()
	return err
}
