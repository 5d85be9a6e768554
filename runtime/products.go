package runtime

import (
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
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
		if sides := i.dimensions(); err == nil && 0 <= layer && layer < len(layers) && len(sides) == 4 {
			layers[layer].Products += sides[0] * sides[1] * sides[2] * sides[3]
		}
	}
}

// dimensions are the sides of an initializer, which may be one field each or packed.
func (n *named) dimensions() (sides []float64) {
	_, _, tag := protowire.ConsumeTag(n.raw)
	message, _ := protowire.ConsumeBytes(n.raw[tag:])
	for len(message) > 0 {
		number, kind, tag := protowire.ConsumeTag(message)
		size := protowire.ConsumeFieldValue(number, kind, message[tag:])
		value := message[tag : tag+size]
		message = message[tag+size:]
		if number != initializerDims {
			continue
		}
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(value)
		}
		for len(value) > 0 {
			side, length := protowire.ConsumeVarint(value)
			if length < 0 {
				return nil
			}
			sides, value = append(sides, float64(side)), value[length:]
		}
	}
	return sides
}
