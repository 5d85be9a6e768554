//go:build cgo

package runtime

import (
	"slices"
	"testing"
)

func TestColumns(t *testing.T) {
	for _, c := range []struct {
		width     int
		target    []float32
		even, odd []float32
	}{
		{1, []float32{1, 2}, []float32{1, 2}, []float32{0, 0}},
		{2, []float32{1, 2, 3, 4}, []float32{1, 3}, []float32{2, 4}},
		{3, []float32{1, 2, 3, 4, 5, 6}, []float32{1, 3, 4, 6}, []float32{2, 0, 5, 0}},
	} {
		got := newColumns(c.target, c.width)
		got.take.Run()
		if !slices.Equal(got.even, c.even) || !slices.Equal(got.odd, c.odd) {
			t.Errorf("width %d: even %v, odd %v, want %v and %v", c.width, got.even, got.odd, c.even, c.odd)
		}
	}
}

// The layers in front of a pool are evaluated in columns.
func TestColumnsOfSqueezeNet(t *testing.T) {
	for l, layer := range open(t, 1).Info().Layers {
		if got, want := layer.columns[0] != "", slices.Contains([]int{0, 1, 4, 7}, l); got != want {
			t.Errorf("layer %d has columns: %t, want %t", l, got, want)
		}
	}
}

// A target that is taken apart before the graph reads it gives the same bits as one that
// the graph takes apart.
func TestColumnsGiveTheSameBits(t *testing.T) {
	n, byGraph := open(t, 1), open(t, 1)
	for l := range byGraph.info.Layers {
		byGraph.info.Layers[l].columns = [2]string{}
	}
	w := terms{content: map[int]float32{0: 1, 1: 1, 3: 1, 4: 1, 7: 1}}
	for _, size := range [][2]int{{51, 60}, {50, 63}, {64, 65}, {75, 90}} {
		image, target := noise(1, size[0], size[1]), noise(2, size[0], size[1])
		losses, gradient := prepare(t, n, w, image, target).evaluate(t)
		wantLosses, want := prepare(t, byGraph, w, image, target).evaluate(t)
		if !slices.Equal(losses, wantLosses) || !slices.Equal(gradient, want) {
			t.Errorf("%dx%d: losses or gradient are others than those of a graph that takes the targets apart", size[1], size[0])
		}
	}
}
