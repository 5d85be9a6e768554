package picture

import (
	"math"
	"testing"
)

// A striped picture gets the dark and the light half of a guide with a sharp edge, and keeps its stripes.
func TestTonedHasTonesAndMarks(t *testing.T) {
	const height, width, amount = 20, 80, 0.5
	striped, guide := make([]float32, 3*height*width), make([]float32, 3*height*width)
	stripe := func(y int) float32 { return 0.5 * float32(y%4/2*2-1) }
	for i := range guide {
		striped[i] = 0.2 + stripe(i/width%height)
		if guide[i] = -2; i%width >= width/2 {
			guide[i] = 2
		}
	}
	toned := Toned(striped, guide, height, width, amount)
	for i, v := range toned {
		want := 0.2*(1-amount) + amount*guide[i] + stripe(i/width%height)
		if y := i / width % height; y >= 6 && y < height-6 && math.Abs(float64(v-want)) > 0.15 {
			t.Fatalf("row %d, column %d is %g, want %g", y, i%width, v, want)
		}
	}
}
