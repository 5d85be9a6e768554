package runtime

import (
	"context"
	"fmt"
)

// Image is a normalised picture, planar RGB.
type Image struct {
	Height, Width int
	Pixels        []float32 // [3][Height][Width]
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
	content, style := map[int]bool{}, map[int]bool{}
	for _, t := range o.Content {
		if content[t.Layer] {
			return fmt.Errorf("content loss: layer %d is given twice", t.Layer)
		}
		content[t.Layer] = true
	}
	for _, t := range o.Style {
		if style[t.Layer] {
			return fmt.Errorf("style loss: layer %d is given twice", t.Layer)
		}
		style[t.Layer] = true
	}
	return nil
}
