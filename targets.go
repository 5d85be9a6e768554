package zellige

import (
	"context"
	"fmt"
	"image"

	"zellige/losses"
	"zellige/picture"
	"zellige/runtime"
)

// PictureError says which of the pictures cannot be worked with.
type PictureError struct {
	Picture string // "content", "init" or "image", or the [Role] of a "style" or a "mask"
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

// sameShape reports whether a picture has the shape of a working size.
func sameShape(img image.Image, height, width int) bool {
	return alike(img.Bounds().Size(), image.Pt(width, height))
}

// checkShape refuses a picture that has not the shape of something else.
func checkShape(name string, img image.Image, other string, shape image.Point) error {
	if size := img.Bounds().Size(); !alike(size, shape) {
		return &PictureError{name, fmt.Sprintf("is %dx%d pixels, which is not the shape of the %s, %dx%d; crop it",
			size.X, size.Y, other, shape.X, shape.Y)}
	}
	return nil
}

// targets builds the network's part of the objective: features of the content
// image, Gram matrices of the styles. Terms of weight 0 cost nothing, and terms
// without a picture are left out.
func targets(ctx context.Context, m Model, o *Options, w *work) (runtime.Objective, error) {
	objective := runtime.Objective{Height: w.height, Width: w.width, Piece: o.Piece, Lean: o.Lean}
	if w.content != nil && o.Objective.Content.Weight > 0 {
		term, err := contentTerm(ctx, m, &o.Objective, w, objective.Recomputes())
		if err != nil {
			return objective, err
		}
		objective.Content = []runtime.ContentTerm{term}
	}
	var err error
	objective.Style, err = styleTerms(ctx, m, &o.Objective, w)
	return objective, err
}

// contentTerm compares with the features of the content, or, so that pieces take
// little memory, with what they can be computed of again and again.
func contentTerm(ctx context.Context, m Model, o *losses.Objective, w *work, recomputed bool) (runtime.ContentTerm, error) {
	l := o.Content.Layer
	t := runtime.ContentTerm{Layer: l, Weight: float32(o.Content.Weight)}
	if err := checkDepth(m.Info(), "content-layer", "content", l, w.height, w.width); err != nil {
		return t, err
	}
	var layers []int
	if recomputed {
		t.Content = source(w.content, m.Info())
	} else {
		layers = []int{l}
	}
	var grams []runtime.GramTerm
	if o.Relative {
		grams = []runtime.GramTerm{{Layer: l, Scale: 1}}
	}
	e, err := m.Extract(ctx, normalised(w.content, m.Info()), layers, grams)
	if err != nil {
		return t, fmt.Errorf("content picture: %w", err)
	}
	if !recomputed {
		t.Target = e.Features[0]
	}
	if o.Relative {
		t.Weight = float32(o.Weigh(o.Content.Weight, trace(e.Grams[0], m.Info().Layers[l].Channels)))
	}
	return t, nil
}

// trace of F F^T, [n][n], is the energy of the features F.
func trace(gram []float32, n int) float64 {
	sum := 0.0
	for i := range n {
		sum += float64(gram[i*n+i])
	}
	return sum
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
