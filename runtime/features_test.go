//go:build cgo

package runtime

import (
	"context"
	"slices"
	"testing"
)

// Features writes what Extract returns, and nothing where the room does not fit.
func TestFeatures(t *testing.T) {
	n := open(t, 1)
	image, layers := noise(1, 50, 60), []int{7, 1}
	want, err := n.Extract(context.Background(), image, layers, nil)
	if err != nil {
		t.Fatal(err)
	}
	room := func() [][]float32 {
		return [][]float32{make([]float32, len(want.Features[0])), make([]float32, len(want.Features[1]))}
	}
	got := room()
	if err := n.Features(context.Background(), image, layers, got); err != nil {
		t.Fatal(err)
	}
	for i, l := range layers {
		if !slices.Equal(got[i], want.Features[i]) {
			t.Errorf("layer %d: other features than those that are extracted", l)
		}
	}
	for name, bad := range map[string]struct {
		layers []int
		room   [][]float32
	}{
		"a slice too few":         {layers, room()[:1]},
		"slices that are swapped": {[]int{1, 7}, room()},
		"a layer twice":           {[]int{7, 7}, room()},
		"a layer that is not":     {[]int{7, 13}, room()},
	} {
		if err := n.Features(context.Background(), image, bad.layers, bad.room); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
