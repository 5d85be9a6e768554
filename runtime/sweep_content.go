//go:build cgo

package runtime

import "context"

// contentSweep is a content term in a backward sweep, of the piece at hand.
type contentSweep struct {
	term     ContentTerm
	features grid
	target   grid
	pixels   grid     // of the content picture, if the target is computed of it
	session  *session // that does
}

// contentSweeps makes those of a backward sweep, and the session's slots for them.
// What it had made when an error came is in b.
func (n *Network) contentSweeps(b *backwardSweep) (in, out []slot, err error) {
	for _, t := range b.content {
		c, err := n.newContentSweep(b.task, t, b.crop.area)
		if err != nil {
			return nil, nil, err
		}
		b.contents = append(b.contents, c)
		shape := b.info.featureShape(t.Layer, b.crop.height(), b.crop.width())
		out = append(out, tensor(feature(t.Layer), c.features.values, shape...))
		if b.gradient.values != nil {
			in = append(in, scalar(contentWeight(t.Layer), t.Weight), tensor(contentTarget(t.Layer), c.target.values, shape...))
		}
	}
	return in, out, nil
}

func (n *Network) newContentSweep(s *task, t ContentTerm, crop area) (contentSweep, error) {
	features, channels := s.info.featuresOf(t.Layer, crop), s.info.Layers[t.Layer].Channels
	c := contentSweep{term: t, features: newGrid(features, channels), target: newGrid(features, channels)}
	if t.Content == nil {
		return c, nil
	}
	c.pixels = newGrid(crop, 3)
	in := imageSlot(Image{crop.height(), crop.width(), c.pixels.values})
	out := tensor(feature(t.Layer), c.target.values, s.info.featureShape(t.Layer, crop.height(), crop.width())...)
	var err error
	c.session, err = n.newSession(n.graph, []slot{in}, []slot{out})
	return c, err
}

// aim brings the target to a crop.
func (c *contentSweep) aim(ctx context.Context, t *task, crop area) error {
	features := t.info.featuresOf(c.term.Layer, crop)
	c.features.area, c.target.area = features, features
	if c.session == nil {
		paste(c.target, grid{t.info.featuresOf(c.term.Layer, t.picture), c.term.Target}, features)
		return nil
	}
	c.term.Content(Image{crop.height(), crop.width(), c.pixels.values}, crop.rows.from, crop.columns.from)
	return c.session.run(ctx, nil)
}

// loss is of the features that a piece owns.
func (c *contentSweep) loss(t *task, p piece) float64 {
	return float64(c.term.Weight) * squares(c.features, c.target, t.info.owned(c.term.Layer, p.owned, t.picture))
}
