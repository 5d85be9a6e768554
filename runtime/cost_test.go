package runtime

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// The kernels of SqueezeNet 1.1, [C'][C][height][width], by hand.
func TestProductsOfSqueezeNet(t *testing.T) {
	fire := func(in, squeezed, each int) int { return in*squeezed + squeezed*each + squeezed*each*3*3 }
	want := []int{64 * 3 * 3 * 3, 0, 0, fire(64, 16, 64), fire(128, 16, 64), 0, fire(128, 32, 128), fire(256, 32, 128),
		0, fire(256, 48, 192), fire(384, 48, 192), fire(384, 64, 256), fire(512, 64, 256)}
	for l, layer := range squeezeNet(t).Layers {
		if layer.Products != float64(want[l]) {
			t.Errorf("layer %d: %g multiply-adds, want %d", l, layer.Products, want[l])
		}
	}
}

// Protocol buffers allow both ways to write a list of numbers.
func TestDimensions(t *testing.T) {
	var packed, each []byte
	for _, side := range []uint64{64, 3, 300, 3} {
		packed = protowire.AppendVarint(packed, side)
		each = protowire.AppendVarint(protowire.AppendTag(each, initializerDims, protowire.VarintType), side)
	}
	for name, message := range map[string][]byte{
		"packed":    protowire.AppendBytes(protowire.AppendTag(nil, initializerDims, protowire.BytesType), packed),
		"one field": each,
	} {
		n := named{raw: protowire.AppendBytes(protowire.AppendTag(nil, graphInitializer, protowire.BytesType), message)}
		if got := fmt.Sprint(readInitializer(n.body()).sides); got != "[64 3 300 3]" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// What is computed for a pixel, by hand: layer 1 is a convolution with 64 maps at a
// quarter of the places, layer 2 pools it, and layer 3 is a fire module with 128 maps
// at a sixteenth of the places.
func TestCost(t *testing.T) {
	info := squeezeNet(t)
	const (
		conv, fire   = 1728.0 / 4, 11264.0 / 16
		gram1, gram3 = 64 * 64.0 / 4, 128 * 128.0 / 16
		map1         = 64 / 4.0
		map3         = map1 + 64/16.0 + 128/16.0
	)
	mask := []float32{}
	for _, test := range []struct {
		name             string
		o                Objective
		size             int
		products, values float64 // for a pixel
	}{
		{"nothing", Objective{}, 64, 0, 0},
		{"content 1", Objective{Content: []ContentTerm{{Layer: 1}}}, 64, 2 * conv, 3 * map1},
		{"match 1", Objective{Match: []MatchTerm{{Layer: 1}}}, 64, 2 * conv, 2*map1 + map1/4},
		{"match 1 and 2", Objective{Match: []MatchTerm{{Layer: 1}, {Layer: 2}}}, 64, 2 * conv, 2*(map1+map1/4) + map1/4 + map1/4},
		{"style 1", Objective{Style: []StyleTerm{{Layer: 1}}}, 64, 2 * (conv + gram1), 2 * map1},
		{"style 1 and 3", Objective{Style: []StyleTerm{{Layer: 1}, {Layer: 3}}}, 64, 2 * (conv + fire + gram1 + gram3), 2 * map3},
		{"two regions", Objective{Style: []StyleTerm{{Layer: 1, Mask: mask}, {Layer: 1, Mask: mask}}}, 64, 2 * (conv + 2*gram1), 2 * 3 * map1},
		{"no pieces", Objective{Style: []StyleTerm{{Layer: 3}}, Piece: 64 * 64}, 64, 2 * (conv + fire + gram3), 2 * map3},
	} {
		test.o.Height, test.o.Width = test.size, test.size
		got, err := info.Cost(test.o)
		pixels := float64(test.size * test.size)
		if want := (Cost{Products: pixels * test.products, Values: pixels * test.values}); err != nil || got != want {
			t.Errorf("%s: %+v, error %v, want %+v", test.name, got, err, want)
		}
	}
}

// Of a map that the cache does not hold, the rest comes from memory.
func TestCostFar(t *testing.T) {
	const size = 1024
	got, err := squeezeNet(t).Cost(Objective{Height: size, Width: size, Content: []ContentTerm{{Layer: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	if want := 2.0*(size*size*64/4-cache+size*size*64/16-cache) + size*size*64/16 - cache; got.Far != want {
		t.Errorf("%g values are far, want %g", got.Far, want)
	}
}

func TestCostOfTooSmallPieces(t *testing.T) {
	if _, err := squeezeNet(t).Cost(Objective{Height: 700, Width: 900, Piece: 16, Style: []StyleTerm{{Layer: 7}}}); err == nil {
		t.Error("pieces of 16 pixels are no error")
	}
}

func TestExtractionCost(t *testing.T) {
	info := squeezeNet(t)
	if got := info.ExtractionCost(nil, nil, 64, 64); got != (Cost{}) {
		t.Errorf("of nothing: %+v", got)
	}
	want := Cost{Products: 64 * 64 * (1728.0/4 + 64*64.0/4), Values: 64 * 64 * 64 / 4}
	if got := info.ExtractionCost(nil, []int{1}, 64, 64); got != want {
		t.Errorf("the Gram matrix of layer 1: %+v, want %+v", got, want)
	}
	want.Products -= 64 * 64 * 64 * 64.0 / 4
	if got := info.ExtractionCost([]int{1}, nil, 64, 64); got != want {
		t.Errorf("the features of layer 1: %+v, want %+v", got, want)
	}
	features, grams := info.ExtractionCost([]int{4}, nil, 4096, 4096), info.ExtractionCost(nil, []int{7}, 4096, 4096)
	both := info.ExtractionCost([]int{4}, []int{7}, 4096, 4096)
	if sum := features.Plus(grams).Products; both.Products < 0.97*sum || both.Products > 1.03*sum {
		t.Errorf("features and Gram matrices in pieces: %g multiply-adds, want about %g", both.Products, sum)
	}
	whole, large := info.ExtractionCost(nil, []int{7}, 1024, 1024), info.ExtractionCost(nil, []int{7}, 4096, 4096)
	if ratio := large.Products / whole.Products; ratio < 16 || ratio > 20 {
		t.Errorf("a picture 16 times as large is %g times the work", ratio)
	}
}
