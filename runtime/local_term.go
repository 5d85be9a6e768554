//go:build cgo

package runtime

import "context"

// localTerm is a content term in a backward sweep, of the piece at hand. Its loss is a
// sum over positions, so that every piece has its own share of it.
type localTerm struct {
	ContentTerm
	features grid
	target   grid
	pixels   grid     // of the content picture, if the target is computed of it
	session  *session // that does; nil if absent
}

// localTerms makes those of a backward sweep, and the session's slots for them.
// What it had made when an error came is in b.
func (n *Network) localTerms(b *backwardSweep) (in, out []slot, err error) {
	for _, t := range b.content {
		c, err := n.newLocalTerm(b.boundShare, t, b.crop.area)
		if err != nil {
			return nil, nil, err
		}
		b.locals = append(b.locals, c)
		shape := b.info.featureShape(c.Layer, b.crop.height(), b.crop.width())
		out = append(out, tensor(feature(c.Layer), c.features.values, shape...))
		if b.gradient.values != nil {
			in = append(in, scalar(contentWeight(c.Layer), c.Weight), tensor(contentTarget(c.Layer), c.target.values, shape...))
		}
	}
	return in, out, nil
}

func (n *Network) newLocalTerm(s *boundShare, t term, crop area) (localTerm, error) {
	features, channels := s.info.featuresOf(t.layer, crop), s.info.Layers[t.layer].Channels
	c := localTerm{ContentTerm: s.objective.Content[t.index], features: newGrid(features, channels), target: newGrid(features, channels)}
	if !t.recomputed {
		return c, nil
	}
	c.pixels = newGrid(crop, 3)
	in := imageSlot(Image{crop.height(), crop.width(), c.pixels.values})
	out := tensor(feature(t.layer), c.target.values, s.info.featureShape(t.layer, crop.height(), crop.width())...)
	var err error
	c.session, err = n.newSession(n.graph, []slot{in}, []slot{out})
	return c, err
}

// aim brings the target to a crop.
func (c *localTerm) aim(ctx context.Context, s *boundShare, crop area) error {
	features := s.info.featuresOf(c.Layer, crop)
	c.features.area, c.target.area = features, features
	if c.session == nil {
		paste(c.target, grid{s.info.featuresOf(c.Layer, s.picture), c.Target}, features)
		return nil
	}
	c.Content(Image{crop.height(), crop.width(), c.pixels.values}, crop.rows.from, crop.columns.from)
	return c.session.run(ctx, nil)
}

// loss is of the features that a piece owns.
func (c *localTerm) loss(s *boundShare, p piece) float64 {
	return float64(c.Weight) * squares(c.features, c.target, s.info.owned(c.Layer, p.owned, s.picture))
}
