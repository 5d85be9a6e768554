package runtime

import (
	"fmt"
	"sort"
)

// Layer is one module of the network, counted as in the lab report: the index in
// torchvision's squeezenet1_1().features.
type Layer struct {
	Index          int    `json:"index"`
	Name           string `json:"name"`
	Channels       int    `json:"channels"`
	Stride         int    `json:"stride"`          // pixels of the image between two neighbouring features
	ReceptiveField int    `json:"receptive_field"` // pixels that one feature sees, per side
	Window         Window `json:"window"`

	Products float64 `json:"-"` // multiply-adds of its convolutions for one of its positions, by the shapes of their kernels
}

// Window says how a layer shrinks height and width.
type Window struct {
	Kernel int  `json:"kernel"`
	Stride int  `json:"stride"`
	Pad    int  `json:"pad"`
	Ceil   bool `json:"ceil"` // the last window may hang over the edge
}

// size is the number of windows on a side of n; 0 if none fits. The rules are
// PyTorch's.
func (w Window) size(n int) int {
	span := n + 2*w.Pad - w.Kernel
	if !w.Ceil {
		return max(0, span+w.Stride) / w.Stride
	}
	out := max(0, span+2*w.Stride-1) / w.Stride
	if (out-1)*w.Stride >= n+w.Pad {
		out-- // the last window must not start behind the input
	}
	return out
}

// FeatureSize returns the height and width of a layer's features for an image of
// height x width, 0 x 0 if the image is too small for the layer or if there is
// no such layer.
func (i *Info) FeatureSize(layer, height, width int) (h, w int) {
	if layer < 0 || layer >= len(i.Layers) {
		return 0, 0
	}
	h, w = height, width
	for _, l := range i.Layers[:layer+1] {
		h, w = l.Window.size(h), l.Window.size(w)
		if h < 1 || w < 1 {
			return 0, 0
		}
	}
	return h, w
}

// MinimumSize returns the smallest side an image may have for the layer, which
// must exist, to have any features.
func (i *Info) MinimumSize(layer int) int {
	// A picture as large as the receptive field always has one.
	return sort.Search(i.Layers[layer].ReceptiveField, func(n int) bool {
		h, _ := i.FeatureSize(layer, n, n)
		return h > 0
	})
}

// featureShape is the shape of a layer's features, [1][C][h][w].
func (i *Info) featureShape(layer, height, width int) []int {
	h, w := i.FeatureSize(layer, height, width)
	return []int{1, i.Layers[layer].Channels, h, w}
}

// maskShape is the shape of a mask of a layer's features, [1][1][h][w].
func (i *Info) maskShape(layer, height, width int) []int {
	h, w := i.FeatureSize(layer, height, width)
	return []int{1, 1, h, w}
}

// gramShape is the shape of a layer's Gram matrix, [C][C].
func (i *Info) gramShape(layer int) []int {
	c := i.Layers[layer].Channels
	return []int{c, c}
}

// CheckLayer returns an error that says the limits if the network has no such
// layer or if an image of height x width is too small for it.
func (i *Info) CheckLayer(layer, height, width int) error {
	if layer < 0 || layer >= len(i.Layers) {
		return fmt.Errorf("layer %d does not exist; the network has layers 0 to %d", layer, len(i.Layers)-1)
	}
	if h, _ := i.FeatureSize(layer, height, width); h == 0 {
		return fmt.Errorf("layer %d needs pictures of at least %d pixels a side, this one is %dx%d",
			layer, i.MinimumSize(layer), width, height)
	}
	return nil
}
