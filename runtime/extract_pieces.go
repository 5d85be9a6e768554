//go:build cgo

package runtime

import (
	"context"
	"errors"
)

// extractPieces is extract piece by piece, of at most most pixels each.
func (n *Network) extractPieces(ctx context.Context, image Image, features []int, grams []GramTerm, most int) (e Extraction, err error) {
	all := n.extractShare(image, features, grams, most)
	if len(features) > 0 {
		maps := featureMaps(features)
		e.Features = n.info.room(maps, whole(image.Height, image.Width))
		if err = n.mapsInPieces(ctx, image, maps, e.Features, all.forward.pieces()); err != nil {
			return Extraction{}, err
		}
	}
	if len(grams) > 0 {
		e.Grams, err = n.gramsInPieces(ctx, all)
	}
	return e, err
}

// extractShare is the whole network's share of an extraction, with a sweep over pieces of
// at most most pixels.
func (n *Network) extractShare(image Image, features []int, grams []GramTerm, most int) *boundShare {
	o := &Objective{Height: image.Height, Width: image.Width}
	for _, l := range features {
		o.Content = append(o.Content, ContentTerm{Layer: l})
	}
	for _, t := range grams {
		o.Style = append(o.Style, StyleTerm{Layer: t.Layer, Scale: t.Scale})
	}
	all := n.info.share(n.info.segments(o.deepest(), true)[0], o)
	all.forward = all.sweep(all.forFeatures(), all.deepest, most)
	return newBoundShare(all, o, image.Pixels, nil)
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
