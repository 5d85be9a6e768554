package runtime

import (
	"fmt"
	"slices"
	"testing"
)

func TestSegments(t *testing.T) {
	info := squeezeNet(t)
	type stretch struct {
		first, deepest int
		last           bool
		unit           int
	}
	tests := []struct {
		deepest int
		want    []stretch
	}{
		{0, []stretch{{imageItself, 0, true, 1}}},
		{2, []stretch{{imageItself, 2, true, 1}}},
		{3, []stretch{{imageItself, 2, false, 1}, {2, 3, true, 4}}},
		{7, []stretch{{imageItself, 2, false, 1}, {2, 5, false, 4}, {5, 7, true, 8}}},
		{12, []stretch{{imageItself, 2, false, 1}, {2, 5, false, 4}, {5, 8, false, 8}, {8, 12, true, 16}}},
	}
	for _, test := range tests {
		var got []stretch
		terms := make([]int, test.deepest+1)
		for _, s := range info.segments(test.deepest, false) {
			got = append(got, stretch{s.first, s.deepest, s.last, s.unit})
			for l := range terms {
				if s.has(l) {
					terms[l]++
				}
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("down to layer %d: %v, want %v", test.deepest, got, test.want)
		}
		if slices.ContainsFunc(terms, func(n int) bool { return n != 1 }) {
			t.Errorf("down to layer %d: %v segments have the terms of a layer, want 1 of each", test.deepest, terms)
		}
		if whole := info.segments(test.deepest, true); len(whole) != 1 || whole[0].deepest != test.deepest {
			t.Errorf("down to layer %d, whole: %v", test.deepest, whole)
		}
	}
}

// What a segment knows of the network gives the sizes that the network has.
func TestAbove(t *testing.T) {
	info := squeezeNet(t)
	for _, pool := range []int{2, 5, 8} {
		above := info.above(pool)
		for size := info.MinimumSize(len(info.Layers) - 1); size < 200; size++ {
			h, w := info.FeatureSize(pool, size, size+3)
			for l := pool; l < len(info.Layers); l++ {
				gotH, gotW := above.FeatureSize(l, h, w)
				wantH, wantW := info.FeatureSize(l, size, size+3)
				if gotH != wantH || gotW != wantW {
					t.Fatalf("layer %d above %d: %dx%d, want %dx%d", l, pool, gotW, gotH, wantW, wantH)
				}
			}
		}
	}
}

// Every segment's pieces keep what the exactness of pieces rests on.
func TestPiecesOfSegments(t *testing.T) {
	info := squeezeNet(t)
	for _, size := range []struct{ height, width int }{{350, 441}, {801, 600}, {40, 900}} {
		for n, s := range info.segments(12, false) {
			for _, gradient := range []bool{false, true} {
				t.Run(fmt.Sprintf("size=%dx%d/segment=%d/gradient=%t", size.height, size.width, n, gradient), func(t *testing.T) {
					purpose := s.forFeatures()
					if gradient {
						purpose = s.forGradient()
					}
					a := s.picture(info, size.height, size.width)
					most := max(a.size()/5, purpose.least(a.height(), a.width()))
					pieces := cross(purpose.divide(a.height(), a.width(), most))
					checkPieces(t, s.info, a.height(), a.width(), s.deepest, most, pieces, gradient)
				})
			}
		}
	}
}
