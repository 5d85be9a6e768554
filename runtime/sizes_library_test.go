//go:build cgo

package runtime

import (
	"context"
	"testing"
)

// ONNX Runtime makes tensors of the sizes that are reckoned: it refuses to write others.
func TestSizesAreThoseOfONNXRuntime(t *testing.T) {
	open(t, 1) // keeps the library
	for _, test := range sized {
		out := scalar("y", 0)
		if test.sides != nil {
			out = slot{name: "y", shape: test.sides, data: make([]float32, int(product(test.sides)))}
		}
		graph, err := ParseGraph(sizedModel(test.words...))
		if err != nil {
			t.Fatal(err)
		}
		var s session
		err = s.open(graph, 1, []slot{imageSlot(noise(1, 9, 14))}, []slot{out})
		if err == nil {
			err = s.run(context.Background(), nil)
		}
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}
}
