//go:build cgo

package runtime

import (
	"errors"
	"fmt"
	"slices"

	ort "github.com/yalue/onnxruntime_go"
)

// session is one cut graph in ONNX Runtime with the tensors it reads and writes.
// It keeps them alive until close: ONNX Runtime holds plain pointers to them.
type session struct {
	ort     *ort.AdvancedSession
	inputs  []ort.Value
	outputs []ort.Value
	options *ort.RunOptions
	cancel  *canceller
	nodes   int // operators in the cut graph
}

// slot is one input or output: its name in the graph and the slice behind it. A
// scalar has no shape; data[0] is its value when the session is made.
type slot struct {
	name  string
	shape ort.Shape
	data  []float32
}

func scalar(name string, value float32) slot { return slot{name, nil, []float32{value}} }

func tensor(name string, data []float32, shape ...int) slot {
	s := slot{name: name, data: data}
	for _, n := range shape {
		s.shape = append(s.shape, int64(n))
	}
	return s
}

// newSession cuts the graph from inputs to outputs and opens it.
func (n *Network) newSession(inputs, outputs []slot) (s *session, err error) {
	cut, err := n.graph.Cut(slotNames(inputs), slotNames(outputs))
	if err != nil {
		return nil, err
	}
	s = &session{nodes: cut.Nodes()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.inputs, err = bind(inputs); err != nil {
		return s, err
	}
	if s.outputs, err = bind(outputs); err != nil {
		return s, err
	}
	if s.options, err = ort.NewRunOptions(); err != nil {
		return s, fmt.Errorf("make run options: %w", err)
	}
	s.cancel = newCanceller(s.options)
	s.ort, err = n.open(cut.Encode(), slotNames(inputs), slotNames(outputs), s.inputs, s.outputs)
	return s, err
}

// open makes the ONNX Runtime session. The options are needed only for that.
func (n *Network) open(model []byte, inputs, outputs []string, in, out []ort.Value) (_ *ort.AdvancedSession, err error) {
	options, err := n.sessionOptions()
	if err != nil {
		return nil, fmt.Errorf("make session options: %w", err)
	}
	defer func() { err = errors.Join(err, options.Destroy()) }()
	s, err := ort.NewAdvancedSessionWithONNXData(model, inputs, outputs, in, out, options)
	if err != nil {
		return nil, fmt.Errorf("ONNX Runtime does not open the graph: %w", err)
	}
	return s, nil
}

func (n *Network) sessionOptions() (*ort.SessionOptions, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		o.SetIntraOpNumThreads(n.threads),
		o.SetInterOpNumThreads(1),
		o.SetGraphOptimizationLevel(ort.GraphOptimizationLevelEnableAll),
		o.SetLogSeverityLevel(ort.LoggingLevelFatal),
	)
	if err != nil {
		return nil, errors.Join(err, o.Destroy())
	}
	return o, nil
}

// bind makes ONNX Runtime values on top of the slots' slices. On error it
// returns what it had made, for close.
func bind(slots []slot) ([]ort.Value, error) {
	var values []ort.Value
	for _, s := range slots {
		v, err := s.value()
		if err != nil {
			return values, fmt.Errorf("make tensor %s %v: %w", s.name, s.shape, err)
		}
		values = append(values, v)
	}
	return values, nil
}

func (s slot) value() (ort.Value, error) {
	if s.shape == nil {
		// Scalar.Set would swap the slice behind ONNX Runtime's back; we never call it.
		return ort.NewScalar(s.data[0])
	}
	return ort.NewTensor(s.shape, s.data)
}

// scalarOutput returns the value of output i, a scalar, after a run.
func (s *session) scalarOutput(i int) float32 {
	return s.outputs[i].(*ort.Scalar[float32]).GetData()
}

func (s *session) close() error {
	var errs []error
	if s.ort != nil {
		errs = append(errs, s.ort.Destroy())
	}
	for _, v := range slices.Concat(s.inputs, s.outputs) {
		errs = append(errs, v.Destroy())
	}
	if s.options != nil {
		s.cancel.close()
		errs = append(errs, s.options.Destroy())
	}
	*s = session{}
	return errors.Join(errs...)
}

func slotNames(slots []slot) []string {
	names := make([]string, len(slots))
	for i, s := range slots {
		names[i] = s.name
	}
	return names
}
