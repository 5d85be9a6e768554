//go:build cgo

package runtime

import (
	"math"
	"testing"
)

func TestFirstLargest(t *testing.T) {
	nan, never := float32(math.NaN()), float32(math.Inf(-1))
	row := func(n, at int, largest float32) []float32 { // the largest comes twice
		values := make([]float32, n, 2*n)
		values[at] = largest
		return append(values, values...)
	}
	for _, test := range []struct {
		values []float32
		best   float32
		want   int
	}{
		{nil, never, -1},
		{[]float32{never, never}, never, -1},
		{[]float32{1, 3, 2, 3}, never, 1},
		{[]float32{1, 3, 2, 3}, 2, 1},
		{[]float32{1, 3, 2, 3}, 3, -1},
		{[]float32{float32(math.Copysign(0, -1)), 0}, never, 0},
		{[]float32{1, nan, 3, nan}, never, 1},
		{[]float32{1, nan}, 5, 1},
		{row(40, 5, 5), never, 5},
		{row(40, 16, 5), never, 16},
		{row(40, 20, 5), 2, 20},
		{row(40, 39, 5), 2, 39},
		{row(40, 39, 5), 5, -1},
		{row(40, 20, nan), 5, 20},
	} {
		if got := firstLargest(test.values, test.best); got != test.want {
			t.Errorf("%g above %g: at %d, want %d", test.values, test.best, got, test.want)
		}
	}
}
