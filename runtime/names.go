package runtime

import "fmt"

// The names of the graph's tensors, one function each.
func contentTarget(l int) string { return fmt.Sprintf("content.%d.target", l) }
func contentWeight(l int) string { return fmt.Sprintf("content.%d.weight", l) }
func contentLoss(l int) string   { return fmt.Sprintf("content.%d.loss", l) }
func matchTarget(l int) string   { return fmt.Sprintf("match.%d.target", l) }
func matchWeight(l int) string   { return fmt.Sprintf("match.%d.weight", l) }
func matchLoss(l int) string     { return fmt.Sprintf("match.%d.loss", l) }
func matchFeature(l int) string  { return fmt.Sprintf("match.%d.feature", l) }
func feature(l int) string       { return fmt.Sprintf("feature.%d", l) }

// cotangent is the gradient in the features of a pool, as a layer below gets it.
func cotangent(l int) string { return fmt.Sprintf("cotangent.%d.0", l) }

// gramNames names what belongs to one Gram matrix of a layer.
type gramNames struct{ prefix, suffix string }

// wholeMap is about the Gram matrix of all of a layer's features.
func wholeMap(layer int) gramNames { return gramNames{prefix: fmt.Sprintf("style.%d.", layer)} }

// region is about the Gram matrix of a layer's features times a mask. The graph
// has the first one, n = 0; [Graph.Repeat] makes more.
func region(layer, n int) gramNames {
	names := gramNames{prefix: fmt.Sprintf("region.%d.", layer)}
	if n > 0 {
		names.suffix = fmt.Sprintf(".%d", n)
	}
	return names
}

func gram(l int) string { return fmt.Sprintf("gram.%d", l) } // of the whole map

func (n gramNames) of(what string) string { return n.prefix + what + n.suffix }

func (n gramNames) target() string { return n.of("target") }
func (n gramNames) weight() string { return n.of("weight") }
func (n gramNames) scale() string  { return n.of("scale") }
func (n gramNames) mask() string   { return n.of("mask") } // of a region
func (n gramNames) gram() string   { return n.of("gram") } // of a region; of the whole map it is gram.l
func (n gramNames) loss() string   { return n.of("loss") }
func (n gramNames) delta() string  { return n.of("delta") }

// gramsOf names the style terms: a region for each that has a mask, or for all.
func gramsOf(terms []StyleTerm, allRegions bool) []gramNames {
	names := make([]gramNames, len(terms))
	regions := map[int]int{}
	for i, t := range terms {
		names[i] = wholeMap(t.Layer)
		if allRegions || t.Mask != nil {
			names[i] = region(t.Layer, regions[t.Layer])
			regions[t.Layer]++
		}
	}
	return names
}

// withRegions is the graph with as many regions of each layer as are named.
func (g *Graph) withRegions(names []gramNames) *Graph {
	for _, n := range names {
		if n.suffix != "" {
			first := gramNames{prefix: n.prefix}
			g = g.Repeat(n.suffix, first.mask(), first.target(), first.weight(), first.scale())
		}
	}
	return g
}
