//go:build cgo

package runtime

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"slices"
	"sync"
	"time"

	ort "github.com/yalue/onnxruntime_go"
)

// session is one cut graph in ONNX Runtime with the tensors it reads and writes.
// It keeps them alive until close: ONNX Runtime holds plain pointers to them.
type session struct {
	mutex   sync.Mutex           // held by run and by close, which so waits for run
	ort     *ort.AdvancedSession // nil after close
	inputs  []ort.Value
	outputs []ort.Value
	options *ort.RunOptions
	cancel  *canceller
	cut     *Graph      // that it runs
	names   [2][]string // of inputs and outputs
	threads int
	crowd   crowd
}

// newSession cuts a graph from inputs to outputs and opens it.
func (n *Network) newSession(graph *Graph, inputs, outputs []slot) (*session, error) {
	cut, err := graph.Cut(slotNames(inputs), slotNames(outputs))
	if err != nil {
		return nil, err
	}
	if err := n.checkMemory(cut, inputs, outputs); err != nil {
		return nil, err
	}
	s := &session{cut: cut, threads: n.threads, names: [2][]string{slotNames(inputs), slotNames(outputs)}}
	if err := s.open(inputs, outputs); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// open makes all that close destroys.
func (s *session) open(inputs, outputs []slot) (err error) {
	if s.inputs, err = bind(inputs); err != nil {
		return err
	}
	if s.outputs, err = bind(outputs); err != nil {
		return err
	}
	if s.options, err = ort.NewRunOptions(); err != nil {
		return fmt.Errorf("make run options: %w", err)
	}
	s.cancel = newCanceller(s.options)
	return s.load()
}

// load opens the graph, on threads that spin if they are alone.
func (s *session) load() (err error) {
	options, err := sessionOptions(s.threads, !s.crowd.here)
	if err != nil {
		return fmt.Errorf("make session options: %w", err)
	}
	defer func() { err = errors.Join(err, options.Destroy()) }() // needed only to make the session
	s.ort, err = ort.NewAdvancedSessionWithONNXData(s.cut.Encode(), s.names[0], s.names[1], s.inputs, s.outputs, options)
	if err != nil {
		return fmt.Errorf("ONNX Runtime does not open the graph: %w", err)
	}
	return nil
}

// sessionOptions were measured at sizes 192 to 1024. Threads spin while they wait
// for each other inside a run, which makes a step at 192 pixels 18 % faster and one
// at 512 4 %, and stop when it ends: the loop wants the processors then. Where other
// programs want them too, spinning costs more than it wins ([crowd]), and more threads
// than processors must not. A memory pattern, one block planned for all tensors, is no
// faster and takes half as much memory again.
func sessionOptions(threads int, alone bool) (*ort.SessionOptions, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	spinning := "0"
	if alone && threads <= goruntime.NumCPU() {
		spinning = "1"
	}
	err = errors.Join(
		o.SetIntraOpNumThreads(threads),
		o.SetInterOpNumThreads(1),
		o.AddSessionConfigEntry("session.intra_op.allow_spinning", spinning),
		o.AddSessionConfigEntry("session.force_spinning_stop", "1"),
		o.SetMemPattern(false),
		o.SetGraphOptimizationLevel(ort.GraphOptimizationLevelEnableAll),
		o.SetLogSeverityLevel(ort.LoggingLevelFatal),
	)
	if err != nil {
		return nil, errors.Join(err, o.Destroy())
	}
	return o, nil
}

// run evaluates the cut graph once and copies the first outputs, which must be
// scalars, into scalars. It allocates nothing unless it fails, or begins or ends to
// spin: then the graph is opened anew. The results are the same.
func (s *session) run(ctx context.Context, scalars []float32) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.ort == nil {
		return errClosed
	}
	before, began := preempts(), time.Now()
	if err := s.cancel.run(ctx, s.ort.RunWithOptions); err != nil {
		return err
	}
	if s.threads > 1 && s.crowd.note(preempts()-before, time.Since(began), s.threads) {
		if err := s.reload(); err != nil {
			return err
		}
	}
	for i := range scalars {
		scalars[i] = s.outputs[i].(*ort.Scalar[float32]).GetData()
	}
	return nil
}

// reload opens the graph anew.
func (s *session) reload() error {
	old := s.ort
	s.ort = nil
	if err := old.Destroy(); err != nil {
		return err
	}
	return s.load()
}

// close is idempotent and takes a session that newSession made only in part.
func (s *session) close() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
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
	s.ort, s.inputs, s.outputs, s.options, s.cancel = nil, nil, nil, nil, nil
	giveBack()
	return errors.Join(errs...)
}
