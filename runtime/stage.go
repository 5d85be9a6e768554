//go:build cgo

package runtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	ort "github.com/yalue/onnxruntime_go"
)

// stage is one cut graph of a [Matcher] in ONNX Runtime, run with tensors of any size.
type stage struct {
	ort     *ort.DynamicAdvancedSession // nil after close
	options *ort.RunOptions
	cancel  *canceller
	model   []byte      // that it runs
	names   [2][]string // of inputs and outputs
	threads int
	crowd   crowd
}

// open makes all that close destroys.
func (s *stage) open(graph *Graph, threads int, inputs, outputs []string) (err error) {
	cut, err := graph.Cut(inputs, outputs)
	if err != nil {
		return err
	}
	s.model, s.names, s.threads = cut.Encode(), [2][]string{inputs, outputs}, threads
	if s.options, err = ort.NewRunOptions(); err != nil {
		return fmt.Errorf("make run options: %w", err)
	}
	s.cancel = newCanceller(s.options)
	return s.load()
}

// load opens the graph, on threads that spin if they are alone.
func (s *stage) load() (err error) {
	options, err := sessionOptions(s.threads, !s.crowd.here)
	if err != nil {
		return fmt.Errorf("make session options: %w", err)
	}
	defer func() { err = errors.Join(err, options.Destroy()) }() // needed only to make the session
	if s.ort, err = ort.NewDynamicAdvancedSessionWithONNXData(s.model, s.names[0], s.names[1], options); err != nil {
		return fmt.Errorf("ONNX Runtime does not open the graph: %w", err)
	}
	return nil
}

// run opens the graph anew if its threads begin or end to spin. The results are the same.
func (s *stage) run(ctx context.Context, in, out []ort.Value) error {
	if s.ort == nil {
		return errMatcherClosed
	}
	before, began := preempts(), time.Now()
	err := s.cancel.run(ctx, func(o *ort.RunOptions) error { return s.ort.RunWithOptions(in, out, o) })
	if err != nil {
		return fmt.Errorf("find the nearest vectors: %w", err)
	}
	if s.threads > 1 && s.crowd.note(preempts()-before, time.Since(began), s.threads) {
		old := s.ort
		s.ort = nil
		return errors.Join(old.Destroy(), s.load())
	}
	return nil
}

// close takes a stage that was opened only in part.
func (s *stage) close() error {
	var errs []error
	if s.ort != nil {
		errs = append(errs, s.ort.Destroy())
	}
	if s.options != nil {
		s.cancel.close()
		errs = append(errs, s.options.Destroy())
	}
	*s = stage{}
	return errors.Join(errs...)
}

// buffer is a matrix or a vector of changing size that ONNX Runtime reads or writes in
// place. Its room only grows.
type buffer[T ort.TensorData] struct {
	rows, columns int // no rows: a vector
	values        []T // [rows][columns] or [columns]
	tensor        *ort.Tensor[T]
}

// fit gives the buffer a size; what it holds is lost.
func (b *buffer[T]) fit(rows, columns int) error {
	if b.tensor != nil && b.rows == rows && b.columns == columns {
		return nil
	}
	if err := b.drop(); err != nil {
		return err
	}
	n, shape := max(rows, 1)*columns, ort.NewShape(int64(columns))
	if rows > 0 {
		shape = ort.NewShape(int64(rows), int64(columns))
	}
	if cap(b.values) < n {
		b.values = make([]T, n)
	}
	b.rows, b.columns, b.values = rows, columns, b.values[:n]
	var err error
	if b.tensor, err = ort.NewTensor(shape, b.values); err != nil {
		return fmt.Errorf("make tensor %v: %w", shape, err)
	}
	return nil
}

// drop lets go of ONNX Runtime's side.
func (b *buffer[T]) drop() error {
	if b.tensor == nil {
		return nil
	}
	tensor := b.tensor
	b.tensor = nil
	return tensor.Destroy()
}

func (b *buffer[T]) close() error {
	err := b.drop()
	b.values = nil
	return err
}

func (b *buffer[T]) value() ort.Value { return b.tensor }

// values are what ONNX Runtime knows of buffers.
func values(buffers ...interface{ value() ort.Value }) []ort.Value {
	list := make([]ort.Value, len(buffers))
	for i, b := range buffers {
		list[i] = b.value()
	}
	return list
}

// loadColumns copies the columns [first, end) of a matrix.
func loadColumns(b *buffer[float32], m Matrix, first, end int) error {
	if err := b.fit(m.Channels, end-first); err != nil {
		return err
	}
	m.columns(b.values, first, end)
	return nil
}
