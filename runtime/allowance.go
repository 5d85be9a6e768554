//go:build cgo

package runtime

import "slices"

// timesForeseen is how often what is foreseen the tensors of a graph may take in all, of
// which only a part is there at once. Real networks take up to fifteen times that.
const (
	timesForeseen = 24
	forSmall      = 256 << 20 // and that for what small pictures need too, such as turned kernels
)

// checkMemory rejects a cut graph whose tensors take far more memory than is foreseen.
func (n *Network) checkMemory(cut *Graph, inputs, outputs []slot) error {
	return cut.checkSizes(sidesOf(inputs), sidesOf(outputs), n.mostBytes(cut, inputs, outputs))
}

func sidesOf(slots []slot) map[string][]int64 {
	sides := map[string][]int64{}
	for _, s := range slots {
		sides[s.name] = s.shape
	}
	return sides
}

// mostBytes is what the tensors of a cut graph may take, by what the metadata says of the
// layers that it computes, by what it reads and writes, and by its weights.
func (n *Network) mostBytes(cut *Graph, inputs, outputs []slot) float64 {
	bytes, places, deepest := 0.0, 0.0, 0
	for _, w := range cut.initializers {
		bytes += float64(len(w.raw))
	}
	for _, s := range slices.Concat(inputs, outputs) {
		bytes += known{sides: s.shape}.bytes()
		if s.unit > 0 {
			places = float64(s.shape[2] * s.shape[3] * int64(s.unit*s.unit))
		} else if l, ok := s.layer(); ok {
			deepest = max(deepest, l)
			if len(s.shape) == 4 && s.shape[1] == 1 { // a mask, by which the layer's map is multiplied
				bytes += known{sides: []int64{1, int64(n.info.Layers[l].Channels), s.shape[2], s.shape[3]}}.bytes()
			}
		}
	}
	for l, layer := range n.info.Layers[:deepest+1] {
		bytes += 4 * places * n.info.held(l) * float64(blocked(int64(layer.Channels))) / float64(layer.Channels)
	}
	return forSmall + timesForeseen*bytes
}
