//go:build cgo

package runtime

import (
	"context"
	"errors"
)

// gradientSweep computes the gradient of pieces, from the deltas of the whole
// picture's Gram matrices, and the content losses.
type gradientSweep struct {
	info     *Info
	pieces   []piece
	picture  area
	crop     grid // the pixels of the piece at hand
	session  *session
	deltas   [][]float32 // of each style term, [C][C]; nil if there is no gradient
	masks    []cropped   // of the style terms that have one
	content  []contentSweep
	losses   []float64 // of the content terms
	gradient grid      // of the piece at hand; without values if there is none
}

// cropped is a layer's map of values and the part of it for the piece at hand.
type cropped struct {
	layer int
	whole grid
	part  grid
}

// contentSweep is a content term of the piece at hand.
type contentSweep struct {
	term     ContentTerm
	features grid
	target   grid
	pixels   grid     // of the content picture, if the target is computed of it
	session  *session // that does
}

func (n *Network) newGradientSweep(o Objective, plan []piece, withGradient bool) (*gradientSweep, error) {
	crop := newGrid(plan[0].crop, 3)
	g := &gradientSweep{info: n.info, pieces: plan, picture: whole(o.Height, o.Width), crop: crop, losses: make([]float64, len(o.Content))}
	in := []slot{imageSlot(Image{crop.height(), crop.width(), crop.values})}
	var out []slot
	for _, t := range o.Content {
		c, err := n.newContentSweep(t, crop.area)
		if err != nil {
			return nil, errors.Join(err, g.close())
		}
		g.content = append(g.content, c)
		out = append(out, tensor(feature(t.Layer), c.features.values, n.info.featureShape(t.Layer, crop.height(), crop.width())...))
		if withGradient {
			in = append(in, scalar(contentWeight(t.Layer), t.Weight),
				tensor(contentTarget(t.Layer), c.target.values, n.info.featureShape(t.Layer, crop.height(), crop.width())...))
		}
	}
	names := gramsOf(o.Style, false)
	if withGradient {
		in = append(in, g.styleSlots(o, names, crop.area)...)
		g.gradient = newGrid(crop.area, 3)
		out = append(out, tensor("gradient", g.gradient.values, 1, 3, crop.height(), crop.width()))
	}
	var err error
	if g.session, err = n.newSession(n.graph.withRegions(names), in, out); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// styleSlots are the deltas, and the masks of the terms that have one.
func (g *gradientSweep) styleSlots(o Objective, names []gramNames, crop area) []slot {
	var in []slot
	for i, t := range o.Style {
		delta := empty(names[i].delta(), g.info.gramShape(t.Layer)...)
		g.deltas = append(g.deltas, delta.data)
		in = append(in, delta)
		if t.Mask != nil {
			features := g.info.featuresOf(t.Layer, g.picture)
			m := cropped{t.Layer, grid{features, t.Mask}, newGrid(g.info.featuresOf(t.Layer, crop), 1)}
			g.masks = append(g.masks, m)
			in = append(in, maskSlot(names[i], m.part))
		}
	}
	return in
}

func (n *Network) newContentSweep(t ContentTerm, crop area) (contentSweep, error) {
	features := n.info.featuresOf(t.Layer, crop)
	channels := n.info.Layers[t.Layer].Channels
	c := contentSweep{term: t, features: newGrid(features, channels), target: newGrid(features, channels)}
	if t.Content == nil {
		return c, nil
	}
	c.pixels = newGrid(crop, 3)
	in := imageSlot(Image{crop.height(), crop.width(), c.pixels.values})
	out := tensor(feature(t.Layer), c.target.values, n.info.featureShape(t.Layer, crop.height(), crop.width())...)
	var err error
	c.session, err = n.newSession(n.graph, []slot{in}, []slot{out})
	return c, err
}

// run computes the content losses of all pieces and, if it was made to, their
// gradient.
func (g *gradientSweep) run(ctx context.Context, pixels, gradient grid) error {
	clear(g.losses)
	for _, p := range g.pieces {
		paste(g.crop.at(p.crop), pixels, p.crop)
		if err := g.add(ctx, p); err != nil {
			return err
		}
		if g.gradient.values != nil {
			paste(gradient, g.gradient.at(p.crop), p.owned)
		}
	}
	return nil
}

func (g *gradientSweep) add(ctx context.Context, p piece) error {
	for i := range g.masks {
		m := &g.masks[i]
		m.part.area = g.info.featuresOf(m.layer, p.crop)
		paste(m.part, m.whole, m.part.area)
	}
	for i := range g.content {
		if err := g.content[i].aim(ctx, g.info, p.crop, g.picture); err != nil {
			return err
		}
	}
	if err := g.session.run(ctx, nil); err != nil {
		return err
	}
	for i := range g.content {
		owned := g.info.owned(g.content[i].term.Layer, p.owned, g.picture)
		g.losses[i] += float64(g.content[i].term.Weight) * squares(g.content[i].features, g.content[i].target, owned)
	}
	return nil
}

// aim brings the target to a crop.
func (c *contentSweep) aim(ctx context.Context, info *Info, crop, picture area) error {
	features := info.featuresOf(c.term.Layer, crop)
	c.features.area, c.target.area = features, features
	if c.session == nil {
		paste(c.target, grid{info.featuresOf(c.term.Layer, picture), c.term.Target}, features)
		return nil
	}
	c.term.Content(Image{crop.height(), crop.width(), c.pixels.values}, crop.rows.from, crop.columns.from)
	return c.session.run(ctx, nil)
}

func (g *gradientSweep) close() error {
	var errs []error
	for _, c := range g.content {
		if c.session != nil {
			errs = append(errs, c.session.close())
		}
	}
	if g.session != nil {
		errs = append(errs, g.session.close())
	}
	return errors.Join(errs...)
}
