//go:build cgo

package runtime

import (
	"context"
	"errors"
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
	for i, l := range layers {
		if err := checkLength(fmt.Sprintf("the features of layer %d", l), features[i], n.info.featureLength(l, image.Height, image.Width)); err != nil {
			return err
		}
	}
	return n.writeFeatures(ctx, image, layers, features)
}

func (n *Network) writeFeatures(ctx context.Context, image Image, layers []int, features [][]float32) error {
	if image.Height*image.Width > extractPiece {
		pieces := n.extractShare(image, layers, nil, featuresPiece).forward.pieces()
		return n.mapsInPieces(ctx, image, featureMaps(layers), features, pieces)
	}
	var out []slot
	for i, l := range layers {
		out = append(out, tensor(feature(l), features[i], n.info.featureShape(l, image.Height, image.Width)...))
	}
	return n.once(ctx, []slot{imageSlot(image)}, out)
}

func (n *Network) extract(ctx context.Context, image Image, features []int, grams []GramTerm) (Extraction, error) {
	if image.Height*image.Width > extractPiece {
		return n.extractPieces(ctx, image, features, grams, extractPiece)
	}
	var e Extraction
	in := []slot{imageSlot(image)}
	var out []slot
	for _, l := range features {
		s := empty(feature(l), n.info.featureShape(l, image.Height, image.Width)...)
		e.Features = append(e.Features, s.data)
		out = append(out, s)
	}
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

// once cuts, runs and closes.
func (n *Network) once(ctx context.Context, in, out []slot) (err error) {
	s, err := n.newSession(n.graph, in, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.run(ctx, nil); err != nil {
		return evaluateError(err)
	}
	return nil
}

func evaluateError(err error) error { return fmt.Errorf("evaluate the network: %w", err) }
