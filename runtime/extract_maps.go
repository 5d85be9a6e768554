//go:build cgo

package runtime

import (
	"context"
	"errors"
)

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

// area is that of the map of a crop.
func (m layerMap) area(info *Info, crop area) area { return info.averagesOf(m.layer, m.average, crop) }

// length is how many values the map of a crop has.
func (m layerMap) length(info *Info, crop area) int {
	return info.Layers[m.layer].Channels * m.area(info, crop).size()
}

// room is for the values of maps of a crop.
func (i *Info) room(maps []layerMap, crop area) (values [][]float32) {
	for _, m := range maps {
		values = append(values, make([]float32, m.length(i, crop)))
	}
	return values
}

// mapSlots take maps of a crop from the graph as [1][C][h][w].
func (i *Info) mapSlots(maps []layerMap, crop area, values [][]float32) (out []slot) {
	for n, m := range maps {
		a := m.area(i, crop)
		out = append(out, tensor(m.name, values[n], 1, i.Layers[m.layer].Channels, a.height(), a.width()))
	}
	return out
}

// maps writes maps of an image to values.
func (n *Network) maps(ctx context.Context, image Image, maps []layerMap, values [][]float32) error {
	if len(maps) == 0 {
		return nil
	}
	if image.Height*image.Width > extractPiece {
		return n.mapsInPieces(ctx, image, maps, values, n.info.mapPieces(image, maps, featuresPiece))
	}
	return n.once(ctx, []slot{imageSlot(image)}, n.info.mapSlots(maps, whole(image.Height, image.Width), values))
}

// mapPieces divides an image for maps, into pieces of at most most pixels each.
func (i *Info) mapPieces(image Image, maps []layerMap, most int) []piece {
	deepest := 0
	for _, m := range maps {
		deepest = max(deepest, m.layer)
	}
	p := i.forFeatures(deepest)
	for _, m := range maps {
		p = p.aligned(i.Layers[m.layer], m.average)
	}
	return cross(p.divide(image.Height, image.Width, most))
}

// mapsInPieces is maps piece by piece.
func (n *Network) mapsInPieces(ctx context.Context, image Image, maps []layerMap, values [][]float32, pieces []piece) (err error) {
	picture := grid{whole(image.Height, image.Width), image.Pixels}
	crop := newGrid(pieces[0].crop, 3)
	parts := n.info.room(maps, crop.area)
	in := imageSlot(Image{crop.height(), crop.width(), crop.values})
	s, err := n.newSession(n.graph, []slot{in}, n.info.mapSlots(maps, crop.area, parts))
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
			all, part := grid{m.area(n.info, picture.area), values[i]}, grid{m.area(n.info, p.crop), parts[i]}
			paste(all, part, n.info.ownedAverages(m.layer, m.average, p.owned, picture.area))
		}
	}
	return nil
}
