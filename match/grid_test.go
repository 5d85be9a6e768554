package match

import (
	"slices"
	"testing"
)

// Layers of a network that pads are a row or a column larger or smaller than the windows of
// SqueezeNet's pools tell.
func TestReduceToAnyGrid(t *testing.T) {
	common := grid{height: 7, width: 9, factor: 1}
	for _, g := range []grid{{height: 3, width: 4, factor: 2}, {height: 4, width: 5, factor: 2}, {height: 7, width: 8, factor: 1}} {
		rows := make([]float32, common.positions()) // each position has its row's number
		for p := range rows {
			rows[p] = float32(p / common.width)
		}
		reduced := g.reduce(rows, common)
		if len(reduced) != g.positions() {
			t.Fatalf("%dx%d: %d values", g.width, g.height, len(reduced))
		}
		for y := range g.height {
			row := reduced[y*g.width:][:g.width]
			if slices.Max(row) != slices.Min(row) {
				t.Errorf("%dx%d: row %d is %v, want one number", g.width, g.height, y, row)
			}
			if y > 0 && row[0] < reduced[(y-1)*g.width] {
				t.Errorf("%dx%d: row %d is above row %d", g.width, g.height, y, y-1)
			}
		}
	}
}
