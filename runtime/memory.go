package runtime

// What ONNX Runtime holds at its peak, in values for each value of a map of
// features. Fitted to the peaks of whole processes, of objectives on one layer and
// on many, at 256 to 2048 pixels.
const (
	heldOfEach    = 1.28 // of every map, for the gradient: it is kept until its layer's turn comes
	heldOfLargest = 2.4  // of the largest, in its own layer's turn
	heldForward   = 1.6  // of the largest, if no gradient follows
)

const bytesPerValue = 4

// Memory is how much memory evaluating an objective takes at its peak, in bytes,
// beside the pixels, their gradient and the targets it was given. The error is the
// one of Prepare if pieces are too small.
func (i *Info) Memory(o Objective) (int64, error) {
	if len(o.Content)+len(o.Style) == 0 {
		return 0, nil
	}
	deepest := o.deepest()
	if !o.InPieces() {
		return i.gradientMemory(deepest, o.Height*o.Width) + int64(heldOfEach*i.regionMemory(o, o.Height*o.Width)), nil
	}
	rows, columns, err := i.forGradient(deepest).layout(o.Height, o.Width, o.Piece)
	if err != nil {
		return 0, err
	}
	crop := rows.crop * columns.crop
	bytes := i.gradientMemory(deepest, crop) + 6*int64(crop)*bytesPerValue // with the pixels and their gradient
	bytes += int64(i.regionMemory(o, crop))
	for _, t := range o.Content {
		features := i.values(t.Layer) * float64(crop) * bytesPerValue
		bytes += 2 * int64(features)
		if t.Content != nil {
			bytes += i.forwardMemory(t.Layer, crop) + 3*int64(crop)*bytesPerValue
		}
	}
	if len(o.Style) == 0 {
		return bytes, nil
	}
	rows, columns, err = i.forFeatures(deepest).layout(o.Height, o.Width, o.Piece)
	crop = rows.crop * columns.crop
	return bytes + i.forwardMemory(deepest, crop) + 3*int64(crop)*bytesPerValue, err
}

// ExtractionMemory is how much memory Extract takes down to a layer, in bytes,
// beside the image.
func (i *Info) ExtractionMemory(layer, height, width int) int64 {
	return i.forwardMemory(layer, min(height*width, extractPiece))
}

func (i *Info) gradientMemory(deepest, pixels int) int64 {
	kept, largest := i.maps(deepest)
	return int64((heldOfEach*kept + heldOfLargest*largest) * float64(pixels) * bytesPerValue)
}

func (i *Info) forwardMemory(deepest, pixels int) int64 {
	_, largest := i.maps(deepest)
	return int64(heldForward * largest * float64(pixels) * bytesPerValue)
}

// regionMemory is what the maps of regions take, each of which is F * Mask.
func (i *Info) regionMemory(o Objective, pixels int) (bytes float64) {
	for _, t := range o.Style {
		if t.Mask != nil {
			bytes += i.values(t.Layer) * float64(pixels) * bytesPerValue
		}
	}
	return bytes
}

// maps are the values of all maps of features down to a layer, and of the largest,
// for a pixel. A convolution and the ReLU behind it are one operation.
func (i *Info) maps(deepest int) (all, largest float64) {
	for l := range deepest + 1 {
		if l < deepest && i.Layers[l+1].Name == "relu" {
			continue
		}
		all += i.values(l)
		largest = max(largest, i.values(l))
	}
	return all, largest
}

// values is how many features a layer has for a pixel.
func (i *Info) values(layer int) float64 {
	l := i.Layers[layer]
	return float64(l.Channels) / float64(l.Stride*l.Stride)
}
