package runtime

import (
	"fmt"
	"strconv"
	"strings"
)

// complete tells what the metadata of SqueezeNet leaves out: a layer's label is its name and its
// number, its maps are its features, and its products are counted.
func (g *Graph) complete(layers []Layer) {
	if layers[0].Values > 0 {
		return
	}
	for n := range layers {
		l := &layers[n]
		l.Label, l.Values = fmt.Sprint(l.Name, n), float64(l.Channels)
	}
	g.countProducts(layers)
}

// countProducts adds up the sizes of each layer's kernels, [C'][C][height][width],
// which the exporter names by the layer, as "3.squeeze.kernel". In a graph that names
// them otherwise none are counted.
func (g *Graph) countProducts(layers []Layer) {
	for _, i := range g.initializers {
		number, _, _ := strings.Cut(i.name, ".")
		layer, err := strconv.Atoi(number)
		if sides := readInitializer(i.body()).sides; err == nil && 0 <= layer && layer < len(layers) && len(sides) == 4 {
			layers[layer].Products += product(sides)
		}
	}
}
