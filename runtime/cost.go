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
// and each map is counted twice, for the features and for their cotangents; differences
// from targets are counted once, as measured. The error
// is the one of Prepare if pieces are too small.
func (i *Info) Cost(o Objective) (Cost, error) {
	if o.empty() {
		return Cost{}, nil
	}
	l, err := i.layout(&o, true)
	if err != nil {
		return Cost{}, err
	}
	return l.cost(), nil
}

// ExtractionCost is the work of Extract, of the features of layers and the Gram matrices
// of layers. It is that of MatchFeatures too, which reads features.
func (i *Info) ExtractionCost(features, grams []int, height, width int) (c Cost) {
	o := Objective{Height: height, Width: width}
	for _, l := range features {
		o.Content = append(o.Content, ContentTerm{Layer: l})
	}
	for _, l := range grams {
		o.Style = append(o.Style, StyleTerm{Layer: l})
	}
	if o.empty() {
		return Cost{}
	}
	all := i.share(i.segments(o.deepest(), true)[0], &o)
	if height*width <= extractPiece {
		return all.features(all.deepest, height*width).Plus(all.grams(height*width, false))
	}
	sweep := all.sweep(all.forFeatures(), all.deepest, extractPiece)
	if len(features) > 0 {
		c = all.features(deepestOf(all.content), sweep.places())
	}
	if len(grams) > 0 { // in a sweep of their own
		c = c.Plus(all.features(deepestOf(all.style), sweep.places())).Plus(all.grams(sweep.places(), true))
	}
	return c.times(sweep.count())
}

// UnitCost is the work of [Matcher.Unit].
func UnitCost(channels, positions int) Cost {
	return Cost{Values: 2 * float64(channels) * float64(positions)}
}

// ProjectCost is the work of [Matcher.Project].
func ProjectCost(channels, dimensions, positions int) Cost {
	n := float64(positions)
	return Cost{Products: float64(channels*dimensions) * n, Values: float64(channels+dimensions) * n}
}

// NearestCost is the work of [Matcher.Nearest], which looks at each product.
func NearestCost(channels, queries, candidates int) Cost {
	scores := float64(queries) * float64(candidates)
	return Cost{Products: float64(channels) * scores, Values: scores}
}

func (l *layout) cost() (c Cost) {
	for _, s := range l.shares {
		if l.atOnce {
			return s.costAtOnce(l.gradient)
		}
		c = c.Plus(s.forwardCost()).Plus(s.backwardCost(l.gradient))
	}
	return c
}

func (s *share) costAtOnce(gradient bool) Cost {
	places := s.picture.size()
	c := s.features(s.deepest, places).Plus(s.grams(places, false)).times(passes(gradient))
	return c.Plus(s.comparisons(places))
}

// passes is how often the network's layers are passed.
func passes(gradient bool) int {
	if gradient {
		return 2
	}
	return 1
}

// forwardCost is the work of the forward sweep, where every Gram matrix is that of a
// region.
func (s *share) forwardCost() Cost {
	f := s.forward
	if f == nil {
		return Cost{}
	}
	return s.features(f.deepest, f.places()).Plus(s.grams(f.places(), true)).times(f.count())
}

// backwardCost is the work of the backward sweep.
func (s *share) backwardCost(gradient bool) Cost {
	b := s.backward
	if b == nil {
		return Cost{}
	}
	c := s.features(b.deepest, b.places()).times(passes(gradient)).Plus(s.comparisons(b.places()))
	if gradient {
		c = c.Plus(s.grams(b.places(), false))
	}
	for _, t := range s.content {
		if t.recomputed {
			c = c.Plus(s.features(t.layer, b.places()))
		}
	}
	return c.times(b.count())
}

// features is the work of computing the segment's features down to a layer, at so
// many places of what it reads.
func (s *segment) features(deepest, places int) (c Cost) {
	for l := s.first + 1; l <= deepest; l++ {
		c.Products += s.info.Layers[l].Products / s.info.area(l) * float64(places)
	}
	for _, l := range s.mapped(deepest) {
		values := s.info.held(l) * float64(places)
		c = c.Plus(Cost{Values: values, Far: far(values)})
	}
	return c
}

// comparisons is the work of the local terms, which have a map of differences each.
func (s *share) comparisons(places int) (c Cost) {
	for _, t := range s.local() {
		values := s.differences(t) * float64(places)
		c = c.Plus(Cost{Values: values, Far: far(values)})
	}
	return c
}

// grams is the work of the Gram matrices of the style terms; a region has a map of
// its own, F * Mask.
func (s *share) grams(places int, allRegions bool) (c Cost) {
	for _, t := range s.style {
		values := s.info.values(t.layer) * float64(places)
		c.Products += values * float64(s.info.Layers[t.layer].Channels)
		if t.masked || allRegions {
			c = c.Plus(Cost{Values: values, Far: far(values)})
		}
	}
	return c
}
