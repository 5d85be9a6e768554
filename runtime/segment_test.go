package runtime

import (
	"fmt"
	"slices"
	"testing"
)

func TestSegments(t *testing.T) {
	info := squeezeNet(t)
	type span struct{ first, next, deepest, unit int }
	tests := []struct {
		deepest int
		want    []span
	}{
		{0, []span{{image, none, 0, 1}}},
		{2, []span{{image, none, 2, 1}}},
		{3, []span{{image, 2, 2, 1}, {2, none, 3, 4}}},
		{7, []span{{image, 2, 2, 1}, {2, 5, 5, 4}, {5, none, 7, 8}}},
		{12, []span{{image, 2, 2, 1}, {2, 5, 5, 4}, {5, 8, 8, 8}, {8, none, 12, 16}}},
	}
	for _, test := range tests {
		var got []span
		terms := make([]int, test.deepest+1)
		for _, s := range info.segments(test.deepest, false) {
			got = append(got, span{s.first, s.next, s.deepest, s.unit})
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

// Every segment's plans keep what the exactness of pieces rests on.
func TestPlanOfSegments(t *testing.T) {
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
					plan := purpose.plan(a.height(), a.width(), most)
					checkPlan(t, s.info, a.height(), a.width(), s.deepest, most, plan, gradient)
				})
			}
		}
	}
}
