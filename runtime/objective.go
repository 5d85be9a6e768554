package runtime

import (
	"context"
	"fmt"
	"slices"
)

// Image is a normalised picture, planar RGB.
type Image struct {
	Height, Width int
	Pixels        []float32 // [3][Height][Width]
}

// check rejects pixels that are not as many as the size says.
func (i Image) check() error { return checkPixels("the image", i.Pixels, i.Height, i.Width) }

func checkPixels(what string, pixels []float32, height, width int) error {
	if height < 1 || width < 1 || len(pixels) != 3*height*width {
		return fmt.Errorf("%s has %d values, a picture of %dx%d has 3*%d*%d", what, len(pixels), width, height, height, width)
	}
	return nil
}

// Objective is what the graph is asked about one picture size: a sum of content
// and style losses (Gatys et al. 2016, section 2), each of its own layer.
type Objective struct {
	Height, Width int
	Content       []ContentTerm
	Style         []StyleTerm
}

// ContentTerm is Weight * sum((F - Target)^2), F the features of Layer.
type ContentTerm struct {
	Layer  int
	Weight float32
	Target []float32 // [C][h*w]
}

// StyleTerm is Weight * sum((G - Target)^2) with the Gram matrix
// G = Scale * F F^T, F the features of Layer as [C][h*w].
type StyleTerm struct {
	Layer  int
	Weight float32
	Scale  float32
	Target []float32 // [C][C]
}

// Losses are the weighted losses of an evaluation, in the order of the
// objective's terms.
type Losses struct {
	Content, Style []float32
}

// GramTerm asks for a Gram matrix of a layer, times Scale.
type GramTerm struct {
	Layer int
	Scale float32
}

// Extraction holds the features and Gram matrices of one image.
type Extraction struct {
	Features [][]float32 // each [C][h*w]
	Grams    [][]float32 // each [C][C]
}

// Evaluator evaluates one objective at the pixels it was prepared with.
type Evaluator interface {
	// Evaluate reads the pixels and writes the gradient, both as they were given
	// to Prepare. The losses are overwritten by the next call.
	Evaluate(ctx context.Context) (Losses, error)
	Close() error
}

// check says which term does not fit the network or the picture.
func (o *Objective) check(info *Info) error {
	for _, t := range o.Content {
		if err := info.CheckLayer(t.Layer, o.Height, o.Width); err != nil {
			return fmt.Errorf("content loss: %w", err)
		}
		h, w := info.FeatureSize(t.Layer, o.Height, o.Width)
		if want := info.Layers[t.Layer].Channels * h * w; len(t.Target) != want {
			return fmt.Errorf("content loss: target of layer %d has %d values, want %d", t.Layer, len(t.Target), want)
		}
	}
	for _, t := range o.Style {
		if err := info.CheckLayer(t.Layer, o.Height, o.Width); err != nil {
			return fmt.Errorf("style loss: %w", err)
		}
		c := info.Layers[t.Layer].Channels
		if len(t.Target) != c*c {
			return fmt.Errorf("style loss: target of layer %d has %d values, want %d", t.Layer, len(t.Target), c*c)
		}
	}
	return o.checkTwice()
}

// checkTwice rejects a layer that is asked for twice by the same kind of loss.
func (o *Objective) checkTwice() error {
	var content, style []int
	for _, t := range o.Content {
		content = append(content, t.Layer)
	}
	for _, t := range o.Style {
		style = append(style, t.Layer)
	}
	if err := checkOnce(content); err != nil {
		return fmt.Errorf("content loss: %w", err)
	}
	if err := checkOnce(style); err != nil {
		return fmt.Errorf("style loss: %w", err)
	}
	return nil
}

// checkOnce rejects a layer that comes twice: the graph has each name once.
func checkOnce(layers []int) error {
	for i, l := range layers {
		if slices.Contains(layers[:i], l) {
			return fmt.Errorf("layer %d is given twice", l)
		}
	}
	return nil
}
