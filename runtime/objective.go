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
// and style losses (Gatys et al. 2016, section 2), and of matching losses. No two
// content terms, no two style terms without a mask and no two match terms may be of
// the same layer.
//
// The targets of content and match terms may be overwritten between two evaluations, if
// [Evaluator.Retarget] is called then.
type Objective struct {
	Height, Width int
	Content       []ContentTerm
	Style         []StyleTerm
	Match         []MatchTerm

	// Piece is how many pixels are evaluated at once, at most; 0 for all. The
	// result is the same but for rounding, and takes longer and less memory.
	Piece int

	// Lean keeps no features of the whole picture between the sweeps over its pieces,
	// which takes less memory and longer, for it makes the network one segment.
	Lean bool
}

// InPieces reports whether the picture is larger than what is evaluated at once.
func (o *Objective) InPieces() bool { return o.Piece > 0 && o.Height*o.Width > o.Piece }

// Recomputes reports whether the features of content pictures are computed again and
// again, so that they need not be held.
func (o *Objective) Recomputes() bool { return o.InPieces() && o.Lean }

// ContentTerm is Weight * sum((F - P)^2), F the features of Layer and P those of
// the content picture.
type ContentTerm struct {
	Layer   int
	Weight  float32
	Target  []float32 // P, [C][h*w]; or nil
	Content Source    // and the picture that P is computed of, when it is needed
}

// MatchTerm is Weight * sum((M - Target)^2), M the features of Layer, averaged over
// squares of [Layer.MatchAverage] a side. Target are features that were found for each
// position (Kolkin et al. 2022, neural neighbor style transfer).
type MatchTerm struct {
	Layer  int
	Weight float32
	Target []float32 // [C][h*w], of the size that [Info.MatchSize] tells
}

// Source makes a part of a picture, normalised as [3][height][width]: the one whose
// upper left corner is at row top and column left. It is asked for nothing outside
// of the picture.
type Source func(part Image, top, left int)

// StyleTerm is Weight * sum((G - Target)^2) with the Gram matrix
// G = Scale * F F^T, F the features of Layer as [C][h*w].
type StyleTerm struct {
	Layer  int
	Weight float32
	Scale  float32
	Target []float32 // [C][C]

	// Mask, if not nil, is [h*w] in 0..1: the term is about a region, F stands for
	// F * Mask (Gatys et al. 2017, section 4, guided Gram matrices).
	Mask []float32
}

// Losses are the weighted losses of an evaluation, in the order of the
// objective's terms.
type Losses struct {
	Content, Style, Match []float32
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
	// Evaluate reads the pixels and writes the gradient, in the slices that Prepare was
	// given. The losses are overwritten by the next call.
	Evaluate(ctx context.Context) (Losses, error)

	// Retarget tells that targets have been overwritten.
	Retarget()
	Close() error
}

// check says which term does not fit the network or the picture.
func (o *Objective) check(info *Info) error {
	for _, t := range o.Content {
		if err := info.CheckLayer(t.Layer, o.Height, o.Width); err != nil {
			return fmt.Errorf("content loss: %w", err)
		}
		h, w := info.FeatureSize(t.Layer, o.Height, o.Width)
		if want := info.Layers[t.Layer].Channels * h * w; t.Content == nil && len(t.Target) != want {
			return fmt.Errorf("content loss: target of layer %d has %d values, want %d", t.Layer, len(t.Target), want)
		}
		if t.Content != nil && t.Target != nil {
			return fmt.Errorf("content loss: layer %d has both a target and a content picture", t.Layer)
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
		if err := info.checkMask(t, o.Height, o.Width); err != nil {
			return fmt.Errorf("style loss: %w", err)
		}
	}
	for _, t := range o.Match {
		if err := info.checkMatchOf(t.Layer, o.Height, o.Width); err != nil {
			return fmt.Errorf("matching loss: %w", err)
		}
		h, w := info.MatchSize(t.Layer, o.Height, o.Width)
		if want := info.Layers[t.Layer].Channels * h * w; len(t.Target) != want {
			return fmt.Errorf("matching loss: target of layer %d has %d values, want %d", t.Layer, len(t.Target), want)
		}
	}
	return o.checkTwice()
}

func (i *Info) checkMask(t StyleTerm, height, width int) error {
	h, w := i.FeatureSize(t.Layer, height, width)
	if t.Mask != nil && len(t.Mask) != h*w {
		return fmt.Errorf("mask of layer %d has %d values, want %d", t.Layer, len(t.Mask), h*w)
	}
	for p, m := range t.Mask {
		if !(m >= 0 && m <= 1) {
			return fmt.Errorf("mask of layer %d has %g at position %d, must be 0 to 1", t.Layer, m, p)
		}
	}
	return nil
}

// checkTwice rejects a layer that is asked for twice by the same kind of loss.
func (o *Objective) checkTwice() error {
	var content, style, match []int
	for _, t := range o.Content {
		content = append(content, t.Layer)
	}
	for _, t := range o.Style {
		if t.Mask == nil {
			style = append(style, t.Layer)
		}
	}
	for _, t := range o.Match {
		match = append(match, t.Layer)
	}
	if err := checkOnce(content); err != nil {
		return fmt.Errorf("content loss: %w", err)
	}
	if err := checkOnce(style); err != nil {
		return fmt.Errorf("style loss: %w", err)
	}
	if err := checkOnce(match); err != nil {
		return fmt.Errorf("matching loss: %w", err)
	}
	return nil
}

// empty reports whether there is no term.
func (o *Objective) empty() bool { return len(o.Content)+len(o.Style)+len(o.Match) == 0 }

// deepest is the deepest layer of the objective's terms; 0 if there is none.
func (o *Objective) deepest() int {
	deepest := 0
	for _, t := range o.Content {
		deepest = max(deepest, t.Layer)
	}
	for _, t := range o.Style {
		deepest = max(deepest, t.Layer)
	}
	for _, t := range o.Match {
		deepest = max(deepest, t.Layer)
	}
	return deepest
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
