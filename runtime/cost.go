package runtime

// Cost is the work of evaluating the network, counted from the layers that are
// computed.
type Cost struct {
	Products float64 // multiply-adds of the convolutions and the Gram matrices
	Values   float64 // of the maps of features that are computed
	Far      float64 // those of Values in maps that the processor's cache does not hold
}

// Plus is the work of both.
func (c Cost) Plus(d Cost) Cost {
	return Cost{c.Products + d.Products, c.Values + d.Values, c.Far + d.Far}
}

func (c Cost) times(n int) Cost {
	f := float64(n)
	return Cost{f * c.Products, f * c.Values, f * c.Far}
}

// cache is how many values the processor's caches hold, about.
const cache = 1 << 20

// far is how many values of a map have to come from memory.
func far(values float64) float64 { return max(0, values-cache) }

// Cost is the work of an evaluation of the losses and their gradient. Each product
// and each map is counted twice, for the features and for their cotangents. The error
// is the one of Prepare if pieces are too small.
func (i *Info) Cost(o Objective) (c Cost, err error) {
	if len(o.Content)+len(o.Style) == 0 {
		return Cost{}, nil
	}
	if !o.InPieces() {
		all, places := i.segments(o.deepest(), true)[0], o.Height*o.Width
		return all.features(places).Plus(all.grams(&o, places)).times(2), nil
	}
	segments, err := i.segmentsOf(&o)
	for _, s := range segments {
		c = c.Plus(s.sweeps(i, &o))
	}
	return c, err
}

// ExtractionCost is the work of Extract, of features and Gram matrices down to the
// last of the layers.
func (i *Info) ExtractionCost(layers []int, height, width int) Cost {
	if len(layers) == 0 {
		return Cost{}
	}
	var o Objective
	for _, l := range layers {
		o.Style = append(o.Style, StyleTerm{Layer: l})
	}
	all := i.segments(o.deepest(), true)[0]
	places, count := all.forFeatures().pieces(height, width, extractPiece)
	return all.features(places).Plus(all.grams(&o, places)).times(count)
}

// sweeps is the work of a segment's two sweeps over its pieces: forward for the Gram
// matrices and for what it hands on, backward for the gradient.
func (s *segment) sweeps(network *Info, o *Objective) (c Cost) {
	a := s.picture(network, o.Height, o.Width)
	grams := s.grams(o, 1)
	if s.next != none || grams.Products > 0 {
		places, count := s.pieces(s.forFeatures(), a, o)
		c = s.features(places).Plus(s.grams(o, places)).times(count)
	}
	places, count := s.pieces(s.forGradient(), a, o)
	c = c.Plus(s.features(places).times(2).Plus(s.grams(o, places)).times(count))
	for _, t := range o.Content {
		if o.Lean && s.has(t.Layer) {
			only := segment{info: s.info, first: s.first, deepest: t.Layer}
			c = c.Plus(only.features(places).times(count))
		}
	}
	return c
}

// features is the work of computing the segment's features at so many places of what
// it reads.
func (s *segment) features(places int) (c Cost) {
	for l := s.first + 1; l <= s.deepest; l++ {
		c.Products += s.info.Layers[l].Products / s.info.area(l) * float64(places)
	}
	for _, l := range s.mapped() {
		values := s.info.values(l) * float64(places)
		c = c.Plus(Cost{Values: values, Far: far(values)})
	}
	return c
}

// grams is the work of the Gram matrices of the segment's style terms; a region has a
// map of its own, F * Mask.
func (s *segment) grams(o *Objective, places int) (c Cost) {
	for _, t := range o.Style {
		if !s.has(t.Layer) {
			continue
		}
		values := s.info.values(t.Layer) * float64(places)
		c.Products += values * float64(s.info.Layers[t.Layer].Channels)
		if t.Mask != nil {
			c = c.Plus(Cost{Values: values, Far: far(values)})
		}
	}
	return c
}
