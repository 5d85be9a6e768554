package zellige

import (
	"context"
	"fmt"
	"slices"

	"zellige/internal/once"
	"zellige/losses"
	"zellige/match"
	"zellige/runtime"
)

// gramTargets is the stage's objective with its targets: features of the content, Gram
// matrices of the styles.
func (p *Plan) gramTargets(ctx context.Context, m Model, s *Stage, c *scene) (o runtime.Objective, err error) {
	o = s.Objective
	o.Content, o.Style = nil, nil
	for _, t := range s.Objective.Content {
		if t, err = p.contentTarget(ctx, m, s, t, c); err != nil {
			return o, err
		}
		o.Content = append(o.Content, t)
	}
	if len(s.Objective.Style) > 0 {
		o.Style, err = p.styleTargets(ctx, m, s, c)
	}
	return o, err
}

// ContentLayers are the layers of the content whose features, and those whose Gram
// matrices, are extracted for the targets of a stage.
func (p *Plan) ContentLayers(s *Stage) (features, grams []int) {
	for _, t := range s.Objective.Content {
		if !s.Objective.Recomputes() {
			features = append(features, t.Layer)
		}
		if p.Options.Objective.Relative {
			grams = append(grams, t.Layer)
		}
	}
	return features, grams
}

// StyleLayers are the layers of each style whose Gram matrices are extracted for the
// targets of a stage.
func (s *Stage) StyleLayers() (grams []int) {
	for _, t := range s.Objective.Style {
		if !slices.Contains(grams, t.Layer) {
			grams = append(grams, t.Layer)
		}
	}
	return grams
}

// targets is the stage's objective with its targets, given the pixels it starts from;
// the refiner, which is nil if there is nothing to renew, replaces them.
func (p *Plan) targets(ctx context.Context, m Model, s *Stage, c *scene, pixels []float32) (o runtime.Objective, r *match.Refiner, err error) {
	switch {
	case s.Refines && len(s.Objective.Content) > 0:
		return p.refiner(ctx, m, s, c, pixels)
	case len(s.Objective.Match) > 0:
		o, err = p.matchTargets(ctx, m, s, c, pixels)
	default:
		o, err = p.gramTargets(ctx, m, s, c)
	}
	return o, nil, err
}

// contentTarget compares with the features of the content, or, so that pieces take
// little memory, with what they can be computed of again and again.
func (p *Plan) contentTarget(ctx context.Context, m Model, s *Stage, t runtime.ContentTerm, c *scene) (runtime.ContentTerm, error) {
	t.Content = nil
	if s.Objective.Recomputes() {
		t.Content = c.source()
	}
	features, energies := p.ContentLayers(s)
	if len(features)+len(energies) == 0 {
		return t, nil
	}
	var grams []runtime.GramTerm
	for _, l := range energies {
		grams = append(grams, runtime.GramTerm{Layer: l, Scale: 1})
	}
	e, err := m.Extract(ctx, normalised(c.content, p.Info), features, grams)
	if err != nil {
		return t, fmt.Errorf("content picture: %w", err)
	}
	if len(features) > 0 {
		t.Target = e.Features[0]
	}
	if len(energies) > 0 {
		o := &p.Options.Objective
		t.Weight = float32(o.Weigh(o.Content.Weight, trace(e.Grams[0], p.Info.Layers[t.Layer].Channels)))
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

// styleTargets are the stage's style terms with what the picture's Gram matrices are
// compared with.
func (p *Plan) styleTargets(ctx context.Context, m Model, s *Stage, c *scene) ([]runtime.StyleTerm, error) {
	terms := s.Objective.Style
	each := 1 // terms of a layer
	if p.masked() {
		each = len(p.Styles)
	}
	layers := s.StyleLayers()
	grams := make([][][]float32, len(c.styles)) // by style and layer
	for k, style := range c.styles {
		var err error
		if grams[k], err = p.styleGrams(ctx, m, layers, style); err != nil {
			return nil, err
		}
	}
	var fed []runtime.StyleTerm
	for i := range layers {
		if p.masked() {
			fed = append(fed, p.maskedTargets(c, terms[i*each:(i+1)*each], grams, i)...)
			continue
		}
		t := terms[i]
		t.Target = blend(c.styles, grams, i)
		t.Weight = float32(p.Options.Objective.Weigh(float64(t.Weight), losses.Energy(t.Target)))
		fed = append(fed, t)
	}
	return fed, nil
}

// styleGrams are the Gram matrices of a style at its own size, by layer.
func (p *Plan) styleGrams(ctx context.Context, m Model, layers []int, s sceneStyle) ([][]float32, error) {
	var wanted []runtime.GramTerm
	for _, l := range layers {
		wanted = append(wanted, runtime.GramTerm{Layer: l, Scale: gramScale(p.Info, p.Options.Objective.Style.Gram, l, s.Height, s.Width)})
	}
	e, err := once.Ask(p.Pictures.Kept, func() (runtime.Extraction, error) { return m.Extract(ctx, s.Image, nil, wanted) }, s.Image, wanted)
	if err != nil {
		return nil, fmt.Errorf("style picture: %w", err)
	}
	return e.Grams, nil
}

// gramScale is the factor of F F^T at a layer of a picture of height x width.
func gramScale(info *runtime.Info, g losses.Gram, layer, height, width int) float32 {
	h, w := info.FeatureSize(layer, height, width)
	return float32(g.Scale(info.Layers[layer].Channels, h, w))
}

// blend is the mean of the styles' Gram matrices of a layer.
func blend(styles []sceneStyle, grams [][][]float32, layer int) []float32 {
	mean := make([]float32, len(grams[0][layer]))
	for i, s := range styles {
		for k, v := range grams[i][layer] {
			mean[k] += float32(s.share) * v
		}
	}
	return mean
}

// maskedTargets feeds the terms of a layer, one of each style. A region's Gram
// matrix is divided by the region's size instead of the picture's, and its weight is
// in proportion to that size, so that a pixel feels the style as much as if the
// region were the picture. Where regions overlap they share.
func (p *Plan) maskedTargets(c *scene, terms []runtime.StyleTerm, grams [][][]float32, layer int) []runtime.StyleTerm {
	o, n := &p.Options.Objective, float64(len(c.styles))
	height, width := p.Info.FeatureSize(terms[0].Layer, c.height, c.width)
	masks := c.masks(height, width)
	areas, covered := make([]float64, len(c.styles)), 0.0
	for k, s := range c.styles {
		areas[k] = losses.Energy(masks[k]) / float64(height*width)
		covered += areas[k] * s.share * n
	}
	var fed []runtime.StyleTerm
	for k, s := range c.styles {
		if areas[k] == 0 { // too small to be seen at this layer
			continue
		}
		region := terms[k]
		region.Mask, region.Target = masks[k], grams[k][layer]
		if o.Style.Gram == losses.GramSize {
			region.Scale /= float32(areas[k])
		}
		weight := float64(terms[k].Weight) * areas[k] * s.share * n / max(1, covered)
		region.Weight = float32(o.Weigh(weight, losses.Energy(region.Target)))
		fed = append(fed, region)
	}
	return fed
}
