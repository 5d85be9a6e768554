package zellige

import (
	"slices"

	"zellige/runtime"
)

// ChooseLayers replaces the layers of a preset, which are SqueezeNet's, by those of another
// network that lie as deep: of each stride from 2 to 16 the last that is neither a
// convolution nor a pool. Of strides that the network lacks there are none. The lab
// report's layers stay as they are. None are chosen behind the first Resize that makes the
// network's layers finer again: they are a decoder's.
func (o *Options) ChooseLayers(info *runtime.Info) {
	if !o.Objective.Relative || isSqueezeNet(info) {
		return
	}
	first, last := layersByStride(info)
	deepest := last[len(last)-1]
	middle := (first[len(first)-1] + deepest) / 2
	for !isActivation(info, middle) && middle < deepest {
		middle++
	}
	style := &o.Objective.Style
	if len(style.Layers) > 0 {
		o.Objective.Content.Layer = first[max(0, len(first)-2)]
		style.Layers = ordered(slices.Concat(last, []int{middle}))
		style.Weights = slices.Clone(style.Weights[:min(len(style.Weights), len(style.Layers))])
		for len(style.Weights) < len(style.Layers) {
			style.Weights = append(style.Weights, style.Weights[len(style.Weights)-1])
		}
	}
	match := &o.Objective.Match
	if len(match.Layers) > 0 {
		match.Layers = ordered(slices.Concat(last, []int{middle}))
		match.FinalLayers = ordered(slices.Concat(first, last, []int{middle}))
	}
}

// isSqueezeNet reports whether the layers have the numbers that presets mean.
func isSqueezeNet(info *runtime.Info) bool {
	return slices.ContainsFunc(info.Layers, func(l runtime.Layer) bool { return l.Name == "fire" })
}

// layersByStride are the first and the last activations of each stride from 2 to 16; of a
// network that has none there, its last layer.
func layersByStride(info *runtime.Info) (first, last []int) {
	encoder := info.Layers[:encoded(info)]
	for stride := 2; stride <= 16; stride *= 2 {
		var of []int
		for n, l := range encoder {
			if l.Stride == stride && isActivation(info, n) {
				of = append(of, n)
			}
		}
		if len(of) > 0 {
			first, last = append(first, of[0]), append(last, of[len(of)-1])
		}
	}
	if len(last) == 0 {
		first = []int{len(encoder) - 1}
		last = first
	}
	return first, last
}

// encoded is how many layers there are in front of the first that is finer than the one before.
func encoded(info *runtime.Info) int {
	for n := range info.Layers[1:] {
		if info.Layers[n+1].Stride < info.Layers[n].Stride {
			return n + 1
		}
	}
	return len(info.Layers)
}

// isActivation reports whether a layer's features have gone through all that there is
// before they are reduced: a convolution's are raw yet, and a pool's are coarse.
func isActivation(info *runtime.Info, layer int) bool {
	name := info.Layers[layer].Name
	return name != "conv" && name != "pool" && name != "resize"
}

// ordered are the numbers in order, each once.
func ordered(numbers []int) []int {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
