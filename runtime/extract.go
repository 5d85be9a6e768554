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
