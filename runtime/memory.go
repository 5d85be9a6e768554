package runtime

// What ONNX Runtime holds at its peak, in values for each value of a map of
// features. Fitted to the peaks of whole processes, of objectives on one layer and
// on many, at 256 to 2048 pixels.
const (
	heldOfEach    = 1.28 // of every map, for the gradient: it is kept until its layer's turn comes
	heldOfLargest = 2.4  // of the largest, in its own layer's turn
	heldForward   = 1.6  // of the largest, if no gradient follows
	heldLosses    = 2.4  // of the largest, for the losses alone of a whole picture
	heldExtract   = 2.0  // of the largest, as targets are computed
)

const bytesPerValue = 4

// Memory is how much memory evaluating an objective takes, in bytes, beside the
// pixels, their gradient and the targets it was given: network at its peak, and kept
// in Go's slices. The error is the one of Prepare if pieces are too small.
func (i *Info) Memory(o Objective) (network, kept int64, err error) {
	if len(o.Content)+len(o.Style) == 0 {
		return 0, 0, nil
	}
	if !o.InPieces() {
		all := i.segments(o.deepest(), true)[0]
		pixels := o.Height * o.Width
		return all.gradientMemory(pixels) + int64(heldOfEach*all.regionMemory(&o, pixels)), 0, nil
	}
	segments, err := i.segmentsOf(&o)
	for _, s := range segments {
		n, k := s.memory(i, &o)
		network, kept = network+n, kept+k
	}
	return network, kept, err
}

// memory is Memory of a segment.
func (s *segment) memory(network *Info, o *Objective) (peak, kept int64) {
	a := s.picture(network, o.Height, o.Width)
	if s.first != image {
		kept += 2 * int64(s.planes()*a.size()) * bytesPerValue // with the cotangent
	}
	backward, _ := s.pieces(s.forGradient(), a, o)
	forward, _ := s.pieces(s.forFeatures(), a, o)
	peak = s.gradientMemory(backward) + int64(s.regionMemory(o, backward))
	kept += 2 * int64(s.planes()*backward) * bytesPerValue // with the gradient
	for _, t := range o.Content {
		if !s.has(t.Layer) {
			continue
		}
		kept += 2 * int64(s.info.values(t.Layer)*float64(backward)) * bytesPerValue
		if o.Lean && t.Content != nil {
			only := segment{info: s.info, first: s.first, deepest: t.Layer}
			peak += only.forwardMemory(backward)
			kept += int64(s.planes()*backward) * bytesPerValue
		}
	}
	if s.next != none || len(o.Style) > 0 {
		peak += s.forwardMemory(forward)
		kept += int64(s.planes()*forward) * bytesPerValue
	}
	return peak, kept
}

// pieces are those of an area of the segment for a purpose.
func (s *segment) pieces(p purpose, a area, o *Objective) (places, count int) {
	return p.pieces(a.height(), a.width(), s.most(o.Piece))
}

// LossesMemory is how much memory evaluating the losses without their gradient takes,
// in bytes, as [Info.Memory] counts it.
func (i *Info) LossesMemory(o Objective) (bytes int64, err error) {
	if len(o.Content)+len(o.Style) == 0 {
		return 0, nil
	}
	if !o.InPieces() {
		_, largest := i.segments(o.deepest(), true)[0].maps()
		return int64(heldLosses * largest * float64(o.Height*o.Width) * bytesPerValue), nil
	}
	segments, err := i.segmentsOf(&o)
	for _, s := range segments {
		bytes += s.lossesMemory(i, &o)
	}
	return bytes, err
}

// lossesMemory is LossesMemory of a segment.
func (s *segment) lossesMemory(network *Info, o *Objective) (bytes int64) {
	a := s.picture(network, o.Height, o.Width)
	if s.first != image {
		bytes += int64(s.planes()*a.size()) * bytesPerValue
	}
	if s.next != none || len(o.Style) > 0 {
		forward, _ := s.pieces(s.forFeatures(), a, o)
		bytes += s.forwardMemory(forward) + int64(s.planes()*forward)*bytesPerValue
	}
	for _, t := range o.Content {
		if s.has(t.Layer) {
			backward, _ := s.pieces(s.forGradient(), a, o)
			values := float64(s.planes()) + 2*s.info.values(t.Layer)
			bytes += s.forwardMemory(backward) + int64(values*float64(backward))*bytesPerValue
		}
	}
	return bytes
}

// ExtractionMemory is how much memory Extract takes down to a layer, in bytes,
// beside the image.
func (i *Info) ExtractionMemory(layer, height, width int) int64 {
	_, largest := i.segments(layer, true)[0].maps()
	return int64(heldExtract * largest * float64(min(height*width, extractPiece)) * bytesPerValue)
}

func (s *segment) gradientMemory(places int) int64 {
	kept, largest := s.maps()
	return int64((heldOfEach*kept + heldOfLargest*largest) * float64(places) * bytesPerValue)
}

func (s *segment) forwardMemory(places int) int64 {
	_, largest := s.maps()
	return int64(heldForward * largest * float64(places) * bytesPerValue)
}

// regionMemory is what the maps of regions take, each of which is F * Mask.
func (s *segment) regionMemory(o *Objective, places int) (bytes float64) {
	for _, t := range o.Style {
		if t.Mask != nil && s.has(t.Layer) {
			bytes += s.info.values(t.Layer) * float64(places) * bytesPerValue
		}
	}
	return bytes
}

// values is how many features a layer has for a pixel.
func (i *Info) values(layer int) float64 {
	return float64(i.Layers[layer].Channels) / i.area(layer)
}

// area is how many pixels there are for each position of a layer.
func (i *Info) area(layer int) float64 {
	stride := float64(i.Layers[layer].Stride)
	return stride * stride
}
