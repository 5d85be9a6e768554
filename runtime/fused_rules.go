package runtime

import "slices"

// Fused operators are zellige's own, see package fused. They are in a domain of their own.
const (
	fusedDomain = "zellige"
	fusedOpset  = 1
)

var fusedOperators = []string{"Difference", "ImageGradient", "MaxPoolGradient", "ReluGradient"}

// fused reports whether the graph has such operators.
func (g *Graph) fused() bool {
	return slices.ContainsFunc(g.nodes, func(n node) bool { return slices.Contains(fusedOperators, n.op) })
}

// differenceSizes: the gradient in a map, and a number.
func differenceSizes(a *applied) []known { return []known{{sides: a.in[0].sides}, {}} }

func imageGradientSizes(a *applied) []known { return []known{{sides: a.in[2].sides}} }

// reluGradientSizes: a map's channels, shared by the outputs.
func reluGradientSizes(a *applied) []known {
	sides := slices.Clone(a.in[0].sides)
	a.fits(len(sides) == 4 && sides[1]%int64(a.outputs) == 0)
	sides[1] /= int64(a.outputs)
	return slices.Repeat([]known{{sides: sides}}, a.outputs)
}
