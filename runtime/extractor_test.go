//go:build cgo

package runtime

import (
	"context"
	"slices"
	"testing"
)

// What is asked again of an image as large stays open, also of one that is turned, and has
// the values of a graph that was opened for it. Nothing stays open beside an objective.
func TestExtractorStaysOpen(t *testing.T) {
	n, alone := open(t, 1), open(t, 1)
	features := func(n *Network, height, width int, layers ...int) []float32 {
		t.Helper()
		e, err := n.Extract(context.Background(), noise(uint64(len(layers)), height, width), layers, nil)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Concat(e.Features...)
	}
	var before *extractor
	for _, c := range []struct {
		height, width int
		layers        []int
		stays         bool
	}{
		{50, 60, []int{3}, false},
		{50, 60, []int{3}, true},
		{60, 50, []int{3}, true},
		{60, 50, []int{4}, false},
		{60, 51, []int{4}, false},
		{60, 51, []int{3, 4}, false},
	} {
		got := features(n, c.height, c.width, c.layers...)
		if stays := n.kept == before; stays != c.stays {
			t.Errorf("%dx%d, layers %d: stays open is %t, want %t", c.width, c.height, c.layers, stays, c.stays)
		}
		before = n.kept
		if err := alone.keep(nil); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, features(alone, c.height, c.width, c.layers...)) {
			t.Errorf("%dx%d, layers %d: other features than those of a graph opened for them", c.width, c.height, c.layers)
		}
	}
	o := Objective{Height: 50, Width: 60, Content: []ContentTerm{{Layer: 3, Weight: 1, Target: features(n, 50, 60, 3)}}}
	e, err := n.Prepare(o, noise(1, 50, 60).Pixels, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if n.kept != nil {
		t.Error("what computes features stays open beside an objective that begins")
	}
}
