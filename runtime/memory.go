package runtime

import (
	"slices"
	"strings"
)

// What ONNX Runtime holds at its peak, in values for each value of a map of
// features. Fitted to the peaks of whole processes, of objectives on one layer and
// on many, at 256 to 2048 pixels.
const (
	heldOfEach    = 1.28 // of every map, for the gradient: it is kept until its layer's turn comes
	heldOfLargest = 2.4  // of the largest, in its own layer's turn
	heldForward   = 1.6  // of the largest, if no gradient follows
	heldLosses    = 2.4  // of the largest, for the losses alone of a whole picture
	heldExtract   = 2.0  // of the largest, as targets are computed
	heldFeatures  = 0.5  // more of those that are extracted
	heldFused     = 0.8  // of the memory of a whole picture's gradient, with fused operators, which need no masks
)

const bytesPerValue = 4

// Memory is how much memory evaluating an objective takes, in bytes, beside the
// pixels, their gradient and the targets it was given: network at its peak, and kept
// in Go's slices. The error is the one of Prepare if pieces are too small.
func (i *Info) Memory(o Objective) (network, kept int64, err error) {
	return i.memory(&o, true)
}

// LossesMemory is how much memory evaluating the losses without their gradient takes,
// in bytes, as [Info.Memory] counts it.
func (i *Info) LossesMemory(o Objective) (bytes int64, err error) {
	network, kept, err := i.memory(&o, false)
	return network + kept, err
}

func (i *Info) memory(o *Objective, gradient bool) (network, kept int64, err error) {
	if o.empty() {
		return 0, 0, nil
	}
	l, err := i.layout(o, gradient)
	if err != nil {
		return 0, 0, err
	}
	network, kept = l.memory()
	return network, kept, nil
}

func (l *layout) memory() (network, kept int64) {
	for _, s := range l.shares {
		if l.atOnce {
			return s.memoryAtOnce(l.gradient), s.columnsMemory()
		}
		n, k := s.memory(l.gradient)
		network, kept = network+n, kept+k
	}
	return network, kept
}

// memoryAtOnce is what the network takes for a whole picture.
func (s *share) memoryAtOnce(gradient bool) int64 {
	places := s.picture.size()
	if !gradient {
		_, largest := s.maps(s.deepest)
		return int64(heldLosses * largest * float64(places) * bytesPerValue)
	}
	maps, regions := s.gradientMemory(places), int64(heldOfEach*s.regionMemory(places))
	if s.info.fused { // differences are made when they are needed, and do not wait
		return int64(heldFused*float64(maps)) + regions
	}
	return maps + regions + s.differenceMemory(places)
}

// columnsMemory is what targets take that are held as columns too.
func (s *share) columnsMemory() (bytes int64) {
	for _, t := range s.content {
		if s.info.Layers[t.layer].columns[0] != "" {
			bytes += int64(s.info.values(t.layer)*float64(s.picture.size())) * bytesPerValue
		}
	}
	return bytes
}

// memory is what a share takes in pieces.
func (s *share) memory(gradient bool) (network, kept int64) {
	if s.first != imageItself {
		kept += s.read(s.picture.size(), gradient)
	}
	if f := s.forward; f != nil {
		network += s.forwardMemory(f.deepest, f.places())
		kept += s.read(f.places(), false)
	}
	if b := s.backward; b != nil {
		if gradient {
			network += s.gradientMemory(b.places()) + int64(s.regionMemory(b.places())) + s.differenceMemory(b.places())
		} else {
			network += s.forwardMemory(b.deepest, b.places())
		}
		n, k := s.localMemory(b.places())
		network, kept = network+n, kept+k+s.read(b.places(), gradient)
	}
	return network, kept
}

// read is what the values at places take that the segment reads, and their gradient
// if there is one.
func (s *share) read(places int, gradient bool) int64 {
	bytes := int64(s.planes()*places) * bytesPerValue
	if gradient {
		bytes *= 2
	}
	return bytes
}

// localMemory is what the content and match terms of a piece take: its features and
// its target, and what it takes to compute that.
func (s *share) localMemory(places int) (network, kept int64) {
	for _, t := range s.local() {
		kept += 2 * int64(s.differences(t)*float64(places)) * bytesPerValue
		if t.recomputed {
			network += s.forwardMemory(t.layer, places)
			kept += s.read(places, false)
		}
	}
	return network, kept
}

// ExtractionMemory is how much memory Extract takes down to a layer, in bytes,
// beside the image.
func (i *Info) ExtractionMemory(layer, height, width int) int64 {
	_, largest := i.segments(layer, true)[0].maps(layer)
	return int64(heldExtract * largest * float64(min(height*width, extractPiece)) * bytesPerValue)
}

// FeaturesMemory is how much memory Features and MatchFeatures take for layers, in bytes,
// beside the image and the features.
func (i *Info) FeaturesMemory(layers []int, height, width int) int64 {
	sum := 0.0
	for _, l := range layers {
		sum += i.values(l)
	}
	places, held := height*width, heldFeatures
	if places > extractPiece {
		places, held = featuresPiece, held+1 // they are copied from the pieces
	}
	return i.ExtractionMemory(slices.Max(layers), 1, places) + int64(held*sum*float64(places)*bytesPerValue)
}

// differenceMemory is what the differences from their targets take that wait for the
// gradient to come down to their layer. Those of the deepest do not wait.
func (s *share) differenceMemory(places int) (bytes int64) {
	for _, t := range s.local() {
		if t.layer < s.deepest {
			bytes += int64(s.differences(t)*float64(places)) * bytesPerValue
		}
	}
	return bytes
}

// differences is how many values a local term compares with its target for each place
// that the segment reads.
func (s *share) differences(t term) float64 {
	return s.info.values(t.layer) / float64(t.average*t.average)
}

func (s *segment) gradientMemory(places int) int64 {
	all, largest := s.maps(s.deepest)
	return int64((heldOfEach*all + heldOfLargest*largest) * float64(places) * bytesPerValue)
}

func (s *segment) forwardMemory(deepest, places int) int64 {
	_, largest := s.maps(deepest)
	return int64(heldForward * largest * float64(places) * bytesPerValue)
}

// regionMemory is what the maps of regions take, each of which is F * Mask.
func (s *share) regionMemory(places int) (bytes float64) {
	for _, t := range s.style {
		if t.masked {
			bytes += s.info.values(t.layer) * float64(places) * bytesPerValue
		}
	}
	return bytes
}

// values is how many features a layer has for a pixel.
func (i *Info) values(layer int) float64 {
	return float64(i.Layers[layer].Channels) / i.area(layer)
}

// held is how many values of all maps of a layer there are for a pixel.
func (i *Info) held(layer int) float64 { return i.Layers[layer].Values / i.area(layer) }

// area is how many pixels there are for each position of a layer.
func (i *Info) area(layer int) float64 {
	stride := float64(i.Layers[layer].Stride)
	return stride * stride
}

// LacksMemory reports whether an error says that the library was refused memory.
func LacksMemory(err error) bool { return strings.Contains(err.Error(), "Failed to allocate memory") }
