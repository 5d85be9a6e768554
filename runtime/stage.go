//go:build cgo

package runtime

import (
	"context"
	"fmt"

	ort "github.com/yalue/onnxruntime_go"
)

// stage is a cut graph in ONNX Runtime that is run with other tensors each time, of any size.
type stage struct {
	opened[*ort.DynamicAdvancedSession]
}

// open makes all that close destroys.
func (s *stage) open(graph *Graph, threads int, inputs, outputs []string) error {
	cut, err := graph.Cut(inputs, outputs)
	if err != nil {
		return err
	}
	return s.openCut(cut, threads)
}

// openCut is open of a graph that is cut.
func (s *stage) openCut(cut *Graph, threads int) error {
	inputs, outputs := namesOf(cut.inputs), namesOf(cut.outputs)
	return s.opened.open(cut, threads, func(model []byte, o *ort.SessionOptions) (*ort.DynamicAdvancedSession, error) {
		return ort.NewDynamicAdvancedSessionWithONNXData(model, inputs, outputs, o)
	})
}

func (s *stage) run(ctx context.Context, in, out []ort.Value) error {
	return s.opened.run(ctx, func(o *ort.RunOptions) error { return s.ort.RunWithOptions(in, out, o) })
}

// buffer is a matrix of changing size that ONNX Runtime reads or writes in place. Its
// room only grows.
type buffer struct {
	rows, columns int
	values        []float32 // [rows][columns]
	tensor        *ort.Tensor[float32]
}

// fit gives the buffer a size; what it holds is lost.
func (b *buffer) fit(rows, columns int) error {
	if b.tensor != nil && b.rows == rows && b.columns == columns {
		return nil
	}
	if err := b.drop(); err != nil {
		return err
	}
	n, shape := rows*columns, ort.NewShape(int64(rows), int64(columns))
	if cap(b.values) < n {
		b.values = make([]float32, n)
	}
	b.rows, b.columns, b.values = rows, columns, b.values[:n]
	var err error
	if b.tensor, err = ort.NewTensor(shape, b.values); err != nil {
		return fmt.Errorf("make tensor %v: %w", shape, err)
	}
	return nil
}

// drop lets go of ONNX Runtime's side.
func (b *buffer) drop() error {
	if b.tensor == nil {
		return nil
	}
	tensor := b.tensor
	b.tensor = nil
	return tensor.Destroy()
}

func (b *buffer) close() error {
	err := b.drop()
	b.values = nil
	return err
}

// values are what ONNX Runtime knows of buffers.
func values(buffers ...*buffer) []ort.Value {
	list := make([]ort.Value, len(buffers))
	for i, b := range buffers {
		list[i] = b.tensor
	}
	return list
}

// loadColumns copies the columns [first, end) of a matrix.
func loadColumns(b *buffer, m Matrix, first, end int) error {
	if err := b.fit(m.Channels, end-first); err != nil {
		return err
	}
	m.columns(b.values, first, end)
	return nil
}
