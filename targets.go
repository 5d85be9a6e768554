package zellige

import (
	"context"
	"errors"
	"fmt"
	"image"

	"zellige/losses"
	"zellige/picture"
	"zellige/runtime"
)

// PictureError says which of the pictures cannot be worked with.
type PictureError struct {
	Picture string // "content", "style", "init" or "image"
	Reason  string
}

func (e *PictureError) Error() string { return e.Picture + " picture " + e.Reason }

// workingSize returns the size at which a picture is worked on: its shorter side
// is size.
func workingSize(name string, img image.Image, size int) (height, width int, err error) {
	b := img.Bounds()
	short, long := min(b.Dx(), b.Dy()), max(b.Dx(), b.Dy())
	if short < MinPicture {
		return 0, 0, &PictureError{name, fmt.Sprintf("is %dx%d pixels, at least %d a side are needed", b.Dx(), b.Dy(), MinPicture)}
	}
	if long > MaxAspect*short {
		return 0, 0, &PictureError{name, fmt.Sprintf("is %dx%d pixels, at most 1:%d is accepted; crop it", b.Dx(), b.Dy(), MaxAspect)}
	}
	width, height = picture.Size(size, b.Dx(), b.Dy())
	return height, width, nil
}

// sameShape reports whether a picture has the shape of a working size, up to a
// pixel of rounding in the smaller of the two.
func sameShape(img image.Image, height, width int) bool {
	b := img.Bounds()
	return abs(b.Dx()*height-b.Dy()*width) <= max(b.Dx(), b.Dy(), height, width)
}

func abs(n int) int { return max(n, -n) }

// targets builds the network's part of the objective for a picture of height x
// width, which is the size of content: its features, and Gram matrices of the style
// image. Terms of weight 0 cost nothing, and terms whose picture is nil are left
// out.
func targets(ctx context.Context, m Model, o *Options, content image.Image, style *runtime.Image, height, width int) (runtime.Objective, error) {
	objective := runtime.Objective{Height: height, Width: width, Piece: o.Piece}
	if content != nil && o.Objective.Content.Weight > 0 {
		c := o.Objective.Content
		if err := checkDepth(m.Info(), "content-layer", "content", c.Layer, height, width); err != nil {
			return objective, err
		}
		term, err := contentTerm(ctx, m, runtime.ContentTerm{Layer: c.Layer, Weight: float32(c.Weight)}, content, objective.InPieces())
		if err != nil {
			return objective, fmt.Errorf("content picture: %w", err)
		}
		objective.Content = []runtime.ContentTerm{term}
	}
	if style == nil {
		return objective, nil
	}
	var err error
	objective.Style, err = styleTerms(ctx, m, o.Objective.Style, style, height, width)
	return objective, err
}

// contentTerm gives a term its target: the features of the content, or, so that
// pieces take little memory, what they can be computed of again and again.
func contentTerm(ctx context.Context, m Model, t runtime.ContentTerm, content image.Image, inPieces bool) (runtime.ContentTerm, error) {
	if inPieces {
		t.Content = source(content, m.Info())
		return t, nil
	}
	e, err := m.Extract(ctx, normalised(content, m.Info()), []int{t.Layer}, nil)
	if err == nil {
		t.Target = e.Features[0]
	}
	return t, err
}

// styleTerms computes the Gram matrices of the style image at its own size.
func styleTerms(ctx context.Context, m Model, s losses.Style, style *runtime.Image, height, width int) ([]runtime.StyleTerm, error) {
	info := m.Info()
	var terms []runtime.StyleTerm
	var grams []runtime.GramTerm
	for i, l := range s.Layers {
		if s.Weights[i] == 0 {
			continue
		}
		err := errors.Join(checkDepth(info, "style-layers", "content", l, height, width),
			checkDepth(info, "style-layers", "style", l, style.Height, style.Width))
		if err != nil {
			return nil, err
		}
		terms = append(terms, runtime.StyleTerm{Layer: l, Weight: float32(s.Weights[i]), Scale: gramScale(info, s.Gram, l, height, width)})
		grams = append(grams, runtime.GramTerm{Layer: l, Scale: gramScale(info, s.Gram, l, style.Height, style.Width)})
	}
	e, err := m.Extract(ctx, *style, nil, grams)
	if err != nil {
		return nil, fmt.Errorf("style picture: %w", err)
	}
	for i := range terms {
		terms[i].Target = e.Grams[i]
	}
	return terms, nil
}

// gramScale is the factor of F F^T at a layer of a picture of height x width.
func gramScale(info *runtime.Info, g losses.Gram, layer, height, width int) float32 {
	h, w := info.FeatureSize(layer, height, width)
	return float32(g.Scale(info.Layers[layer].Channels, h, w))
}

// checkDepth turns a layer that is too deep for the picture into an error about
// the option that asked for it.
func checkDepth(info *runtime.Info, option, picture string, layer, height, width int) error {
	if err := info.CheckLayer(layer, height, width); err != nil {
		return &OptionError{Field: option, Reason: fmt.Sprintf("does not fit the %s picture: %v", picture, err)}
	}
	return nil
}
