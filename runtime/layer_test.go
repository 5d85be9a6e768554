package runtime

import (
	"fmt"
	"strings"
	"testing"

	"zellige/models"
)

// The sizes that torch.nn.functional.max_pool2d of PyTorch 2.13 gives for inputs
// of 1, 2, ... with ceil_mode (0 where it refuses).
func TestWindowSizeIsPyTorchs(t *testing.T) {
	tests := []struct {
		window Window
		sizes  []int
	}{
		{Window{3, 2, 0, true}, []int{0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8}},
		{Window{3, 2, 1, true}, []int{1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9}},
		{Window{2, 2, 0, true}, []int{1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8}},
		{Window{2, 2, 1, true}, []int{1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9}},
		{Window{3, 3, 1, true}, []int{1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6}},
		{Window{5, 3, 2, true}, []int{1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6}},
		{Window{3, 1, 1, true}, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}},
		{Window{2, 3, 0, true}, []int{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6}},
		{Window{1, 2, 0, true}, []int{1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8}},
		{Window{3, 2, 0, false}, []int{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7}},
		{Window{1, 1, 0, false}, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}},
		{Window{5, 3, 2, false}, []int{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6}},
	}
	for _, test := range tests {
		for i, want := range test.sizes {
			if got := test.window.size(i + 1); got != want {
				t.Errorf("%+v on %d: %d, want %d", test.window, i+1, got, want)
			}
		}
	}
}

// The sizes of SqueezeNet's maps follow from counting window starts one by one.
func TestFeatureSizeOfSqueezeNet(t *testing.T) {
	info := squeezeNet(t)
	pooled := func(n int) (out int) { // 3x3, stride 2, the last may hang over by one
		for start := 0; start+2 <= n; start += 2 {
			out++
		}
		return out
	}
	for n := 1; n <= 64; n++ {
		conv := max(0, n-1) / 2
		pools := map[int]int{0: conv, 2: pooled(conv), 5: pooled(pooled(conv)), 8: pooled(pooled(pooled(conv)))}
		want := 0
		for layer := range info.Layers {
			if size, changes := pools[layer]; changes {
				want = size
			}
			if h, w := info.FeatureSize(layer, n, n); h != want || w != want {
				t.Errorf("layer %d of %d pixels: %dx%d, want %d", layer, n, h, w, want)
			}
		}
	}
}

func TestFeatureSizeKeepsHeightAndWidthApart(t *testing.T) {
	info := squeezeNet(t)
	if h, w := info.FeatureSize(8, 33, 129); h != 2 || w != 8 {
		t.Errorf("%dx%d, want 2x8", h, w)
	}
	if h, w := info.FeatureSize(8, 16, 1000); h != 0 || w != 0 {
		t.Errorf("too low a picture: %dx%d, want 0x0", h, w)
	}
}

func TestFeatureSizeOfNoLayer(t *testing.T) {
	info := squeezeNet(t)
	for _, layer := range []int{-2, -1, 13, 1 << 40} {
		if h, w := info.FeatureSize(layer, 64, 64); h != 0 || w != 0 {
			t.Errorf("layer %d: %dx%d, want 0x0", layer, h, w)
		}
	}
	for _, n := range []int{0, -1, -1 << 40} {
		if h, w := info.FeatureSize(1, n, 64); h != 0 || w != 0 {
			t.Errorf("height %d: %dx%d, want 0x0", n, h, w)
		}
	}
}

func TestMinimumSize(t *testing.T) {
	info := squeezeNet(t)
	for layer, want := range []int{3, 3, 5, 5, 5, 9, 9, 9, 17, 17, 17, 17, 17} {
		if got := info.MinimumSize(layer); got != want {
			t.Errorf("layer %d: %d, want %d", layer, got, want)
		}
	}
}

// A model of somebody else's may say anything; the answer must come at once.
func TestMinimumSizeOfHostileLayers(t *testing.T) {
	info := &Info{Std: [3]float32{1, 1, 1}}
	field := 1
	for l := range 1000 {
		window := Window{Kernel: 66, Stride: 1, Pad: l % 30, Ceil: true}
		field += 65
		info.Layers = append(info.Layers, Layer{Index: l, Channels: 1, Stride: 1, ReceptiveField: field, Window: window})
	}
	if err := info.check(); err != nil {
		t.Fatal(err)
	}
	useInfo(t, info)
}

func TestCheckLayer(t *testing.T) {
	info := squeezeNet(t)
	tests := []struct {
		layer, height, width int
		want                 string
	}{
		{-1, 64, 64, "layer -1 does not exist; the network has layers 0 to 12"},
		{13, 64, 64, "layer 13 does not exist; the network has layers 0 to 12"},
		{12, 16, 64, "layer 12 needs pictures of at least 17 pixels a side, this one is 64x16"},
		{0, 2, 2, "layer 0 needs pictures of at least 3 pixels a side, this one is 2x2"},
		{12, 17, 17, "<nil>"},
		{0, 3, 3, "<nil>"},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("layer=%d,size=%dx%d", test.layer, test.height, test.width), func(t *testing.T) {
			if got := fmt.Sprint(info.CheckLayer(test.layer, test.height, test.width)); !strings.Contains(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// squeezeNet is what the committed graph says of itself.
func squeezeNet(t testing.TB) *Info {
	t.Helper()
	g, err := ParseGraph(models.SqueezeNet)
	if err != nil {
		t.Fatal(err)
	}
	info, err := g.Info()
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestLayersByLabel(t *testing.T) {
	info := squeezeNet(t)
	if got, want := info.Numbered("relu1, 4,fire12,relu9"), "1, 4,12,relu9"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
