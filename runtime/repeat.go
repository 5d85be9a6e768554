package runtime

import "slices"

// Repeat returns the graph with one more term like the one of some inputs:
// everything that depends on them is there a second time, its names with suffix
// behind them. As in [Graph.Cut], a sum is where terms meet: it gets the copy as
// one operand more.
func (g *Graph) Repeat(suffix string, inputs ...string) *Graph {
	repeated := *g
	repeated.nodes, repeated.inputs = nil, slices.Clone(g.inputs)
	copied := map[string]bool{}
	for _, name := range inputs {
		copied[name] = true
		repeated.inputs = append(repeated.inputs, floats(name+suffix))
	}
	rename := func(names []string) []string {
		renamed := slices.Clone(names)
		for i, name := range names {
			if copied[name] {
				renamed[i] += suffix
			}
		}
		return renamed
	}
	for _, n := range g.nodes {
		switch of := countIn(n.inputs, copied); {
		case of == 0:
			repeated.nodes = append(repeated.nodes, n)
		case of < len(n.inputs)-n.summands():
			added := slices.DeleteFunc(rename(n.inputs), func(name string) bool { return slices.Contains(n.inputs, name) })
			repeated.nodes = append(repeated.nodes, n.with(n.op, slices.Concat(n.inputs, added), n.outputs))
		default:
			for _, o := range n.outputs {
				copied[o] = o != "" // an optional output left out
			}
			repeated.nodes = append(repeated.nodes, n, n.with(n.op, rename(n.inputs), rename(n.outputs)))
		}
	}
	return &repeated
}

func countIn(names []string, set map[string]bool) int {
	n := 0
	for _, name := range names {
		if set[name] {
			n++
		}
	}
	return n
}
