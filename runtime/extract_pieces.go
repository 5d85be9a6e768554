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
		for _, l := range features {
			e.Features = append(e.Features, make([]float32, n.info.featureLength(l, image.Height, image.Width)))
		}
		if err = n.mapsInPieces(ctx, image, featureMaps(features), e.Features, all.forward.pieces()); err != nil {
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

// layerMap is something to extract that has a value at each place of a picture: the
// features of a layer, or means of squares of them.
type layerMap struct {
	name    string // of the graph's output
	layer   int
	average int // the side of the squares
}

// featureMaps are the features of layers.
func featureMaps(layers []int) (maps []layerMap) {
	for _, l := range layers {
		maps = append(maps, layerMap{feature(l), l, 1})
	}
	return maps
}

// matchMaps are the matches of layers.
func (i *Info) matchMaps(layers []int) (maps []layerMap) {
	for _, l := range layers {
		maps = append(maps, layerMap{matchFeature(l), l, i.Layers[l].MatchAverage})
	}
	return maps
}

// newGrid is room for the map of a crop.
func (m layerMap) newGrid(info *Info, crop area) grid {
	return newGrid(m.area(info, crop), info.Layers[m.layer].Channels)
}

// area is that of the map of a crop.
func (m layerMap) area(info *Info, crop area) area { return info.averagesOf(m.layer, m.average, crop) }

// slot takes the map from the graph as [1][C][h][w].
func (m layerMap) slot(g grid) slot {
	return tensor(m.name, g.values, 1, len(g.values)/g.size(), g.height(), g.width())
}

// mapsInPieces puts maps together in values.
func (n *Network) mapsInPieces(ctx context.Context, image Image, maps []layerMap, values [][]float32, pieces []piece) (err error) {
	picture := grid{whole(image.Height, image.Width), image.Pixels}
	crop := newGrid(pieces[0].crop, 3)
	var wholes, parts []grid
	var out []slot
	for i, m := range maps {
		wholes, parts = append(wholes, grid{m.area(n.info, picture.area), values[i]}), append(parts, m.newGrid(n.info, crop.area))
		out = append(out, m.slot(parts[i]))
	}
	s, err := n.newSession(n.graph, []slot{imageSlot(Image{crop.height(), crop.width(), crop.values})}, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	for _, p := range pieces {
		paste(crop.at(p.crop), picture, p.crop)
		if err := s.run(ctx, nil); err != nil {
			return evaluateError(err)
		}
		for i, m := range maps {
			part := parts[i].at(n.info.averagesOf(m.layer, m.average, p.crop))
			paste(wholes[i], part, n.info.ownedAverages(m.layer, m.average, p.owned, picture.area))
		}
	}
	return nil
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
