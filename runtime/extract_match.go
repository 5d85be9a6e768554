//go:build cgo

package runtime

import (
	"context"
	"slices"
)

// MatchFeatures computes the matches of layers, each once, of an image: their features
// as [C][h*w] of the size that [Info.MatchSize] tells, which are what a [MatchTerm]
// compares with its target. Otherwise it is like Extract.
func (n *Network) MatchFeatures(ctx context.Context, image Image, layers []int) ([][]float32, error) {
	if err := n.enter(); err != nil {
		return nil, err
	}
	defer n.busy.Done()
	if err := n.checkMatchFeatures(image, layers); err != nil || len(layers) == 0 {
		return nil, err
	}
	if image.Height*image.Width > extractPiece {
		return n.matchesInPieces(ctx, image, layers, featuresPiece)
	}
	var values [][]float32
	var out []slot
	for _, m := range n.info.matchMaps(layers) {
		g := m.newGrid(n.info, whole(image.Height, image.Width))
		values, out = append(values, g.values), append(out, m.slot(g))
	}
	return values, n.once(ctx, []slot{imageSlot(image)}, out)
}

// matchesInPieces is MatchFeatures piece by piece, of at most most pixels each.
func (n *Network) matchesInPieces(ctx context.Context, image Image, layers []int, most int) ([][]float32, error) {
	p := n.info.forFeatures(slices.Max(layers))
	for _, l := range layers {
		p = p.aligned(n.info.Layers[l], n.info.Layers[l].MatchAverage)
	}
	maps := n.info.matchMaps(layers)
	var values [][]float32
	for _, m := range maps {
		values = append(values, m.newGrid(n.info, whole(image.Height, image.Width)).values)
	}
	return values, n.mapsInPieces(ctx, image, maps, values, cross(p.divide(image.Height, image.Width, most)))
}

// checkMatchFeatures rejects what does not fit the network or the picture.
func (n *Network) checkMatchFeatures(image Image, layers []int) error {
	if err := image.check(); err != nil {
		return err
	}
	for _, l := range layers {
		if err := n.info.checkMatchOf(l, image.Height, image.Width); err != nil {
			return err
		}
	}
	return checkOnce(layers)
}
