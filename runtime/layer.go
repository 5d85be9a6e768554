package runtime

import (
	"fmt"
	"math"
	"math/bits"
	"sort"
	"strconv"
	"strings"
)

// Layer is one module of the network, counted as in the lab report: of SqueezeNet and
// VGG the index in torchvision's features.
type Layer struct {
	Index          int    `json:"index"`
	Name           string `json:"name"`  // what it is, such as relu
	Label          string `json:"label"` // which one it is, such as relu4_1
	Channels       int    `json:"channels"`
	Stride         int    `json:"stride"`          // pixels of the image between two neighbouring features
	ReceptiveField int    `json:"receptive_field"` // pixels that one feature sees, per side
	Window         Window `json:"window"`
	Up             int    `json:"up"`   // how many features there are for each window, per side, behind a Resize; 0 for 1
	Grid           int    `json:"grid"` // pixels between places that all strides down to the layer meet at; 0 for Stride

	// MatchAverage is the side of the squares of features that matches are means of; 0
	// if the model has no matching loss.
	MatchAverage int `json:"match_average"`

	// For one of its positions: the multiply-adds of its convolutions, and the values of the maps
	// that are computed for it and kept for the gradient.
	Products float64 `json:"products"`
	Values   float64 `json:"values"`

	columns [2]string // where the graph takes a content target's even and odd columns from; none if it reads it whole
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

// size is how many features there are on a side of n.
func (l Layer) size(n int) int { return l.Window.size(n) * max(1, l.Up) }

// grid is a multiple of the strides down to the layer, of which one may be larger than its own.
func (l Layer) grid() int { return max(l.Grid, l.Stride) }

// Numbered is a list of layers, separated by commas, with numbers for labels such as
// relu4_1. What is no label stays as it is.
func (i *Info) Numbered(list string) string {
	parts := strings.Split(list, ",")
	for n, part := range parts {
		for _, l := range i.Layers {
			if part = strings.TrimSpace(part); part != "" && part == l.Label {
				parts[n] = strconv.Itoa(l.Index)
			}
		}
	}
	return strings.Join(parts, ",")
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
		h, w = l.size(h), l.size(w)
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

// MatchSize returns the height and width of the grid that a layer's matches lie on, for
// an image of height x width: the layer's features, averaged over squares of
// [Layer.MatchAverage] a side, of which an incomplete one is left out. It is 0 x 0 if
// the image is too small, the layer does not exist or the model has no matching loss.
func (i *Info) MatchSize(layer, height, width int) (h, w int) {
	h, w = i.FeatureSize(layer, height, width)
	if h == 0 || i.Layers[layer].MatchAverage == 0 {
		return 0, 0
	}
	h, w = h/i.Layers[layer].MatchAverage, w/i.Layers[layer].MatchAverage
	if h == 0 || w == 0 {
		return 0, 0
	}
	return h, w
}

// MinimumMatchSize returns the smallest side an image may have for the matches of the
// layer, which must exist.
func (i *Info) MinimumMatchSize(layer int) int {
	l := i.Layers[layer]
	return sort.Search(l.ReceptiveField+(l.MatchAverage-1)*l.Stride, func(n int) bool {
		h, _ := i.MatchSize(layer, n, n)
		return h > 0
	})
}

// CheckMatch returns nil if the model has the matching loss, else an error that says
// which model has it.
func (i *Info) CheckMatch() error {
	if i.Layers[0].MatchAverage == 0 {
		return fmt.Errorf("this model has no matching loss; it was made by exporter version %s, version %d or newer is needed (scripts/export_squeezenet.py)",
			i.Exporter, matchExporter)
	}
	return nil
}

// CheckMatchGrid returns nil if layers have a common grid, on which each is a power of 2
// coarser than the finest; else an error that names one that is not.
func (i *Info) CheckMatchGrid(layers []int) error {
	finest := i.FinestMatch(layers)
	for _, l := range layers {
		if s := i.MatchStride(l); s%finest != 0 || bits.OnesCount(uint(s/finest)) != 1 {
			return fmt.Errorf("layer %d is matched every %d pixels, the finest layer every %d; name layers that differ by a power of 2, or take the presets gram or lab", l, s, finest)
		}
	}
	return nil
}

// MatchStride is the pixels between two neighbouring matches of a layer.
func (i *Info) MatchStride(layer int) int {
	return i.Layers[layer].Stride * i.Layers[layer].MatchAverage
}

// FinestMatch is the least [Info.MatchStride] of layers.
func (i *Info) FinestMatch(layers []int) int {
	finest := math.MaxInt
	for _, l := range layers {
		finest = min(finest, i.MatchStride(l))
	}
	return finest
}

// matchExporter is the first version of the exporter whose models have the matching
// loss.
const matchExporter = 7

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

// matchShape is the shape of a layer's matches, [1][C][h][w].
func (i *Info) matchShape(layer, height, width int) []int {
	h, w := i.MatchSize(layer, height, width)
	return []int{1, i.Layers[layer].Channels, h, w}
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

// checkMatchOf is CheckLayer for the matches of a layer.
func (i *Info) checkMatchOf(layer, height, width int) error {
	if err := i.CheckMatch(); err != nil {
		return err
	}
	if err := i.CheckLayer(layer, height, width); err != nil {
		return err
	}
	if h, _ := i.MatchSize(layer, height, width); h == 0 {
		return fmt.Errorf("the matches of layer %d need pictures of at least %d pixels a side, this one is %dx%d",
			layer, i.MinimumMatchSize(layer), width, height)
	}
	return nil
}
