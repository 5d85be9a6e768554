package match

import (
	"math"

	"zellige/runtime"
)

// energies are the mean squared lengths of the features of styles, by layer, each style
// at its share.
type energies []float64

// add counts a style's features, by layer.
func (e energies) add(info *runtime.Info, layers []int, features [][]float32, share float64) {
	for i, l := range layers {
		positions := len(features[i]) / info.Layers[l].Channels
		square := 0.0
		for _, v := range features[i] {
			square += float64(v) * float64(v)
		}
		e[i] += share * square / float64(positions)
	}
}

// of a layer that sees nothing it is not 0.
func (e energies) of(layer int) float64 { return max(e[layer], math.SmallestNonzeroFloat32) }
