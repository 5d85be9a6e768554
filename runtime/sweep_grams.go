//go:build cgo

package runtime

import "context"

// gramSweep computes the Gram matrices of all style terms. Every one is that of a
// region: of the features that a piece owns, times the term's own mask.
type gramSweep struct {
	info    *Info
	pieces  []piece
	picture area
	crop    grid // the pixels of the piece at hand
	terms   []StyleTerm
	session *session
	masks   []grid      // of the piece at hand
	grams   [][]float32 // of the piece at hand
	sums    [][]float64 // of all pieces
}

func (n *Network) newGramSweep(o Objective, plan []piece) (*gramSweep, error) {
	crop := newGrid(plan[0].crop, 3)
	g := &gramSweep{info: n.info, pieces: plan, picture: whole(o.Height, o.Width), crop: crop, terms: o.Style}
	in := []slot{imageSlot(Image{crop.height(), crop.width(), crop.values})}
	var out []slot
	names := gramsOf(o.Style, true)
	for i, t := range o.Style {
		mask := newGrid(n.info.featuresOf(t.Layer, crop.area), 1)
		gram := empty(names[i].gram(), n.info.gramShape(t.Layer)...)
		in = append(in, scalar(names[i].scale(), t.Scale), maskSlot(names[i], mask))
		out = append(out, gram)
		g.masks, g.grams = append(g.masks, mask), append(g.grams, gram.data)
		g.sums = append(g.sums, make([]float64, len(gram.data)))
	}
	var err error
	if g.session, err = n.newSession(n.graph.withRegions(names), in, out); err != nil {
		return nil, err
	}
	return g, nil
}

// run adds up the Gram matrices of all pieces.
func (g *gramSweep) run(ctx context.Context, pixels grid) error {
	for _, sum := range g.sums {
		clear(sum)
	}
	for _, p := range g.pieces {
		paste(g.crop.at(p.crop), pixels, p.crop)
		if err := g.add(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (g *gramSweep) add(ctx context.Context, p piece) error {
	for i, t := range g.terms {
		g.masks[i].area = g.info.featuresOf(t.Layer, p.crop)
		g.fillMask(g.masks[i], t, g.info.owned(t.Layer, p.owned, g.picture))
	}
	if err := g.session.run(ctx, nil); err != nil {
		return err
	}
	for i, sum := range g.sums {
		for j, v := range g.grams[i] {
			sum[j] += float64(v)
		}
	}
	return nil
}

// fillMask makes a mask that is the term's inside of an area and 0 outside.
func (g *gramSweep) fillMask(mask grid, t StyleTerm, inside area) {
	clear(mask.values)
	if t.Mask == nil {
		mask.fill(inside, 1)
		return
	}
	paste(mask, grid{g.info.featuresOf(t.Layer, g.picture), t.Mask}, inside)
}

func (g *gramSweep) close() error { return g.session.close() }
