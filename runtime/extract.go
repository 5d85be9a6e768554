//go:build cgo

package runtime

import (
	"context"
	"fmt"
)

// Extract computes features (of layers, each once) and Gram matrices of an image.
// It may be called by several goroutines at once. The error says which layer does
// not exist or the image is too small for; if ctx is done it is the context's.
func (n *Network) Extract(ctx context.Context, image Image, features []int, grams []GramTerm) (Extraction, error) {
	if err := n.enter(); err != nil {
		return Extraction{}, err
	}
	defer n.busy.Done()
	if err := n.checkExtract(image, features, grams); err != nil {
		return Extraction{}, err
	}
	return n.extract(ctx, image, features, grams)
}

// Features computes features of layers, each once, of an image, and writes them to as
// many slices, [C][h*w] of the size that [Info.FeatureSize] tells. Otherwise it is like
// Extract.
func (n *Network) Features(ctx context.Context, image Image, layers []int, features [][]float32) error {
	if err := n.enter(); err != nil {
		return err
	}
	defer n.busy.Done()
	if err := n.checkExtract(image, layers, nil); err != nil {
		return err
	}
	if len(features) != len(layers) {
		return fmt.Errorf("there are %d slices for the features of %d layers", len(features), len(layers))
	}
	maps, picture := featureMaps(layers), whole(image.Height, image.Width)
	for i, m := range maps {
		if err := checkLength(fmt.Sprintf("the features of layer %d", m.layer), features[i], m.length(n.info, picture)); err != nil {
			return err
		}
	}
	return n.maps(ctx, image, maps, features)
}

// MatchFeatures computes the matches of layers, each once, of an image: their features
// as [C][h*w] of the size that [Info.MatchSize] tells, which are what a [MatchTerm]
// compares with its target. Otherwise it is like Extract.
func (n *Network) MatchFeatures(ctx context.Context, image Image, layers []int) ([][]float32, error) {
	if err := n.enter(); err != nil {
		return nil, err
	}
	defer n.busy.Done()
	if err := n.checkMatchFeatures(image, layers); err != nil {
		return nil, err
	}
	maps := n.info.matchMaps(layers)
	values := n.info.room(maps, whole(image.Height, image.Width))
	return values, n.maps(ctx, image, maps, values)
}

func (n *Network) extract(ctx context.Context, image Image, features []int, grams []GramTerm) (e Extraction, err error) {
	if image.Height*image.Width > extractPiece {
		return n.extractPieces(ctx, image, features, grams, extractPiece)
	}
	maps, picture := featureMaps(features), whole(image.Height, image.Width)
	e.Features = n.info.room(maps, picture)
	in, out := []slot{imageSlot(image)}, n.info.mapSlots(maps, picture, e.Features)
	for _, t := range grams {
		s := empty(gram(t.Layer), n.info.gramShape(t.Layer)...)
		e.Grams = append(e.Grams, s.data)
		in, out = append(in, scalar(wholeMap(t.Layer).scale(), t.Scale)), append(out, s)
	}
	if len(out) == 0 {
		return e, nil
	}
	return e, n.once(ctx, in, out)
}

// checkExtract rejects what does not fit the network or the picture.
func (n *Network) checkExtract(image Image, features []int, grams []GramTerm) error {
	if err := image.check(); err != nil {
		return err
	}
	var gramLayers []int
	for _, t := range grams {
		gramLayers = append(gramLayers, t.Layer)
	}
	for _, layers := range [][]int{features, gramLayers} {
		if err := checkOnce(layers); err != nil {
			return err
		}
		for _, l := range layers {
			if err := n.info.CheckLayer(l, image.Height, image.Width); err != nil {
				return err
			}
		}
	}
	return nil
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

func evaluateError(err error) error { return fmt.Errorf("evaluate the network: %w", err) }
