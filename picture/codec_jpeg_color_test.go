package picture

import (
	"math"
	"testing"
)

// The whole colour cube in steps of 5, against JFIF's formula in float64.
func TestJFIFRounding(t *testing.T) {
	round := func(v float64) uint8 { return uint8(min(max(math.Round(v), 0), 255)) }
	off := 0
	for y := 0; y < 256; y += 5 {
		for cb := 0; cb < 256; cb += 5 {
			for cr := 0; cr < 256; cr += 5 {
				r, g, b := jfifToRGB(uint8(y), uint8(cb), uint8(cr))
				u, v := float64(cb-128), float64(cr-128)
				wantR, wantB := round(float64(y)+1.402*v), round(float64(y)+1.772*u)
				wantG := round(float64(y) - 0.344136*u - 0.714136*v)
				if r != wantR || b != wantB {
					t.Fatalf("ycc %d %d %d gives r %d b %d, want %d %d", y, cb, cr, r, b, wantR, wantB)
				}
				if g != wantG {
					off++ // libjpeg's constants for green end after five digits
				}
			}
		}
	}
	if off > 100 {
		t.Errorf("green is off in %d of 140608 colours", off)
	}
	for v := range 256 { // greys must stay grey
		if r, g, b := jfifToRGB(uint8(v), 128, 128); r != uint8(v) || g != r || b != r {
			t.Errorf("grey %d becomes %d %d %d", v, r, g, b)
		}
	}
}

func TestVideoRange(t *testing.T) {
	tests := []struct{ y, cb, cr, r, g, b uint8 }{
		{16, 128, 128, 0, 0, 0},
		{235, 128, 128, 255, 255, 255},
		{126, 128, 128, 128, 128, 128},
		{81, 90, 240, 254, 0, 0}, // BT.601 red
	}
	for _, test := range tests {
		r, g, b := videoToRGB(test.y, test.cb, test.cr)
		if r != test.r || g != test.g || b != test.b {
			t.Errorf("%v gives %d %d %d", test, r, g, b)
		}
	}
}
