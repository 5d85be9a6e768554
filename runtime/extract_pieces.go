//go:build cgo

package runtime

import (
	"context"
	"errors"
)

// extractPieces is extract piece by piece, of at most most pixels each.
func (n *Network) extractPieces(ctx context.Context, image Image, features []int, grams []GramTerm, most int) (e Extraction, err error) {
	o := Objective{Height: image.Height, Width: image.Width}
	for _, l := range features {
		o.Content = append(o.Content, ContentTerm{Layer: l})
	}
	for _, t := range grams {
		o.Style = append(o.Style, StyleTerm{Layer: t.Layer, Scale: t.Scale})
	}
	all := n.info.share(n.info.segments(o.deepest(), true)[0], &o)
	all.forward = all.sweep(all.forFeatures(), all.deepest, most)
	picture := grid{whole(o.Height, o.Width), image.Pixels}
	if len(features) > 0 {
		if e.Features, err = n.featuresInPieces(ctx, picture, features, all.forward.pieces()); err != nil {
			return Extraction{}, err
		}
	}
	if len(grams) > 0 {
		e.Grams, err = n.gramsInPieces(ctx, newBoundShare(all, &o, image.Pixels, nil))
	}
	return e, err
}

// featuresInPieces puts the maps of layers together.
func (n *Network) featuresInPieces(ctx context.Context, picture grid, layers []int, pieces []piece) (features [][]float32, err error) {
	crop := newGrid(pieces[0].crop, 3)
	var maps, parts []grid
	var out []slot
	for _, l := range layers {
		channels := n.info.Layers[l].Channels
		m, part := newGrid(n.info.featuresOf(l, picture.area), channels), newGrid(n.info.featuresOf(l, crop.area), channels)
		maps, parts, features = append(maps, m), append(parts, part), append(features, m.values)
		out = append(out, tensor(feature(l), part.values, n.info.featureShape(l, crop.height(), crop.width())...))
	}
	s, err := n.newSession(n.graph, []slot{imageSlot(Image{crop.height(), crop.width(), crop.values})}, out)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	for _, p := range pieces {
		paste(crop.at(p.crop), picture, p.crop)
		if err := s.run(ctx, nil); err != nil {
			return nil, evaluateError(err)
		}
		for i, l := range layers {
			paste(maps[i], parts[i].at(n.info.featuresOf(l, p.crop)), n.info.owned(l, p.owned, picture.area))
		}
	}
	return features, nil
}

// gramsInPieces adds up the Gram matrices of a share's style terms.
func (n *Network) gramsInPieces(ctx context.Context, b *boundShare) (grams [][]float32, err error) {
	sweep, err := n.newForwardSweep(b, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, sweep.close()) }()
	if err := sweep.run(ctx); err != nil {
		return nil, evaluateError(err)
	}
	for _, sum := range sweep.sums {
		gram := make([]float32, len(sum))
		for i, v := range sum {
			gram[i] = float32(v)
		}
		grams = append(grams, gram)
	}
	return grams, nil
}
