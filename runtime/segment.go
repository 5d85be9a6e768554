package runtime

import "slices"

// segment is a stretch of the network that is evaluated by itself, piece by piece.
// It begins at the pixels or at the features of a pool, and ends where the next one
// begins, which it hands its features to and gets their cotangent from (gradient
// checkpointing: Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost").
// Cut at its pools, the network needs far smaller halos, and pieces that fit the cache.
// It is not cut where a Resize behind the pool makes features that lie closer than the pool's.
type segment struct {
	info    *Info // of the segment alone: its picture is what it reads
	first   int   // layer whose features it reads; imageItself for the pixels
	deepest int   // the last layer that it computes, whose features it hands on
	last    bool  // there is no next segment and nothing is handed on
	unit    int   // pixels of the image to a side of what is a pixel to the segment
}

// imageItself stands for a layer where the pixels are read.
const imageItself = -1

// segments cuts the network down to a layer at its pools, or leaves it whole.
func (i *Info) segments(deepest int, whole bool) []segment {
	list := []segment{{info: i, first: imageItself, deepest: deepest, last: true, unit: 1}}
	for _, l := range i.Layers[:deepest] {
		if l.Name == "pool" && !whole && i.coarser(l, deepest) {
			below := &list[len(list)-1]
			below.deepest, below.last = l.Index, false
			list = append(list, segment{i.above(l.Index), l.Index, deepest, true, l.Stride})
		}
	}
	return list
}

// coarser reports whether all features behind a layer lie at places of its own.
func (i *Info) coarser(than Layer, deepest int) bool {
	return !slices.ContainsFunc(i.Layers[than.Index:deepest+1], func(l Layer) bool { return l.Stride%than.Stride > 0 })
}

// above is what the network is to someone whose picture are the features of a layer.
func (i *Info) above(layer int) *Info {
	above := &Info{Layers: make([]Layer, len(i.Layers))}
	base := i.Layers[layer]
	for n, l := range i.Layers {
		if n <= layer {
			l.Stride, l.ReceptiveField, l.Window, l.Up, l.Grid = 1, 1, Window{Kernel: 1, Stride: 1}, 0, 0
		} else {
			l.Stride, l.Grid = l.Stride/base.Stride, l.Grid/base.Stride
			l.ReceptiveField = roundUp(l.ReceptiveField-base.ReceptiveField, base.Stride)/base.Stride + 1
		}
		above.Layers[n] = l
	}
	return above
}

// planes is how many values what the segment reads has at each place.
func (s *segment) planes() int {
	if s.first == imageItself {
		return 3
	}
	return s.info.Layers[s.first].Channels
}

// picture is the area of what the segment reads of a picture of height x width.
func (s *segment) picture(network *Info, height, width int) area {
	if s.first == imageItself {
		return whole(height, width)
	}
	return whole(network.FeatureSize(s.first, height, width))
}

// has reports whether the segment has the terms of a layer: those of what it reads
// and not those of what it hands on.
func (s *segment) has(layer int) bool {
	return layer >= s.first && (layer < s.deepest || layer == s.deepest && s.last)
}

func (s *segment) forFeatures() purpose { return s.info.forFeatures(s.deepest) }
func (s *segment) forGradient() purpose { return s.info.forGradient(s.deepest) }

// cachedValues is how many values a piece's largest map should have: so many that
// halos are small beside them, and so few that some such maps fit in the processor's
// cache. Measured on two processors with 1 MiB of their own and 32 MiB of both.
const cachedValues = 2 << 20

// most is how many places a piece may have, of what the segment reads. If the
// network is one segment, its halos are so large that no piece pays that fits the
// cache.
func (s *segment) most(piece int) int {
	most := piece / (s.unit * s.unit)
	if s.first != imageItself || !s.last {
		_, largest := s.maps(s.deepest)
		most = min(most, int(cachedValues/largest))
	}
	return most
}

// maps are the values of all maps of features that the segment computes down to a
// layer, and of the largest, for a place of what it reads.
func (s *segment) maps(deepest int) (all, largest float64) {
	for _, l := range s.mapped(deepest) {
		all += s.info.held(l)
		largest = max(largest, s.info.values(l))
	}
	return all, largest
}

// mapped are the layers whose maps of features the segment computes down to a layer:
// a convolution and the ReLU behind it are one operation.
func (s *segment) mapped(deepest int) (layers []int) {
	for l := s.first + 1; l <= deepest; l++ {
		if l == deepest || s.info.Layers[l+1].Name != "relu" {
			layers = append(layers, l)
		}
	}
	return layers
}
