package zellige

import (
	"context"
	"fmt"

	"zellige/losses"
	"zellige/runtime"
)

// styleTerms are what the picture's Gram matrices are compared with. Styles that
// are everywhere need one term a layer, for the sum of their losses is the loss of
// their mean, up to a constant; as soon as one has a mask each needs its own.
func styleTerms(ctx context.Context, m Model, o *losses.Objective, w *work) ([]runtime.StyleTerm, error) {
	if len(w.styles) == 0 {
		return nil, nil
	}
	var terms []runtime.StyleTerm // one a layer
	for i, l := range o.Style.Layers {
		if o.Style.Weights[i] == 0 {
			continue
		}
		if err := checkDepth(m.Info(), "style-layers", "content", l, w.height, w.width); err != nil {
			return nil, err
		}
		scale := gramScale(m.Info(), o.Style.Gram, l, w.height, w.width)
		terms = append(terms, runtime.StyleTerm{Layer: l, Weight: float32(o.Style.Weights[i]), Scale: scale})
	}
	grams := make([][][]float32, len(w.styles)) // by style and term
	for i, s := range w.styles {
		var err error
		if grams[i], err = styleGrams(ctx, m, o.Style.Gram, terms, s); err != nil {
			return nil, err
		}
	}
	if w.masked() {
		return maskedTerms(m.Info(), o, w, terms, grams), nil
	}
	for i := range terms {
		terms[i].Target = blend(w.styles, grams, i)
		terms[i].Weight = float32(o.Weigh(float64(terms[i].Weight), losses.Energy(terms[i].Target)))
	}
	return terms, nil
}

// styleGrams are the Gram matrices of a style at its own size, by term.
func styleGrams(ctx context.Context, m Model, g losses.Gram, terms []runtime.StyleTerm, s styleWork) ([][]float32, error) {
	var wanted []runtime.GramTerm
	for _, t := range terms {
		if err := checkDepth(m.Info(), "style-layers", "style", t.Layer, s.Height, s.Width); err != nil {
			return nil, err
		}
		wanted = append(wanted, runtime.GramTerm{Layer: t.Layer, Scale: gramScale(m.Info(), g, t.Layer, s.Height, s.Width)})
	}
	e, err := m.Extract(ctx, s.Image, nil, wanted)
	if err != nil {
		return nil, fmt.Errorf("style picture: %w", err)
	}
	return e.Grams, nil
}

// blend is the mean of the styles' Gram matrices of a term.
func blend(styles []styleWork, grams [][][]float32, term int) []float32 {
	mean := make([]float32, len(grams[0][term]))
	for i, s := range styles {
		for k, v := range grams[i][term] {
			mean[k] += float32(s.share) * v
		}
	}
	return mean
}

// maskedTerms replaces the term of each layer by one of each style there. A
// region's Gram matrix is divided by the region's size instead of the picture's,
// and its weight is in proportion to that size, so that a pixel feels the style
// as much as if the region were the picture. Where regions overlap they share.
func maskedTerms(info *runtime.Info, o *losses.Objective, w *work, terms []runtime.StyleTerm, grams [][][]float32) []runtime.StyleTerm {
	var all []runtime.StyleTerm
	for i, t := range terms {
		height, width := info.FeatureSize(t.Layer, w.height, w.width)
		masks := w.masks(height, width)
		areas, covered := make([]float64, len(w.styles)), 0.0
		for k, s := range w.styles {
			areas[k] = losses.Energy(masks[k]) / float64(height*width)
			covered += areas[k] * s.share * float64(len(w.styles))
		}
		for k, s := range w.styles {
			if areas[k] == 0 { // too small to be seen at this layer
				continue
			}
			region := t
			region.Mask, region.Target = masks[k], grams[k][i]
			if o.Style.Gram == losses.GramSize {
				region.Scale /= float32(areas[k])
			}
			weight := float64(t.Weight) * areas[k] * s.share * float64(len(w.styles)) / max(1, covered)
			region.Weight = float32(o.Weigh(weight, losses.Energy(region.Target)))
			all = append(all, region)
		}
	}
	return all
}
