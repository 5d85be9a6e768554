package zellige

import (
	"context"
	"fmt"
	"image"

	"zellige/match"
	"zellige/picture"
	"zellige/runtime"
)

// Of the matching loss.
const (
	maxStyles   = 64  // that positions can choose among
	renewal     = 10  // iterations of a pass that refines between two searches
	tones       = 2.4 // for each part of the content in the targets, how much of its tones a finer scale begins with; at most all
	lastResult  = 0.5 // part of the scale before in what is looked for, the rest is the content
	firstShrink = 4   // the first scale begins with a content blurred by as much
)

// checkMatch refuses a matching loss that the network, or the number of styles, does not
// allow.
func (p *Plan) checkMatch() error {
	if !p.Options.Objective.Matches() {
		return nil
	}
	if err := p.Info.CheckMatch(); err != nil {
		return &OptionError{Option: "Objective.Match.Weight", Reason: fmt.Sprintf("cannot be used: %v", err)}
	}
	if err := p.Info.CheckMatchGrid(p.Options.Objective.Match.Layers); err != nil {
		return &OptionError{Option: "Objective.Match.Layers", Reason: fmt.Sprintf("cannot be used: %v", err)}
	}
	if len(p.Styles) > maxStyles {
		return &PictureError{Picture: "style", Reason: fmt.Sprintf("is one of %d, a matching loss takes at most %d", len(p.Styles), maxStyles)}
	}
	return nil
}

// addMatchTerms adds the terms of a stage: matches of the layers, or in the last pass
// their features as they are.
func (p *Plan) addMatchTerms(o *runtime.Objective, s *Stage) {
	for _, l := range p.MatchLayers(s) {
		if s.Refines {
			o.Content = append(o.Content, runtime.ContentTerm{Layer: l, Weight: 1})
		} else {
			o.Match = append(o.Match, runtime.MatchTerm{Layer: l, Weight: 1})
		}
	}
}

// Renewals is how often a stage that refines looks for its targets; 0 of others.
func (s *Stage) Renewals() int {
	if !s.Refines {
		return 0
	}
	before := func(t int) int { return (t - s.First + renewal - 1) / renewal } // of the iterations before t
	n := before(s.End) - before(s.From)
	if s.From > s.First {
		n++ // for those that it was interrupted with
	}
	return n
}

// MatchLayers are those whose features a stage of a matching loss compares.
func (p *Plan) MatchLayers(s *Stage) []int { return p.Options.matchLayers(s.Scale) }

// request is what is looked for at a stage whose pixels are as they are.
func (p *Plan) request(s *Stage, c *scene, pixels []float32) match.Request {
	r := match.Request{
		Layers:    p.MatchLayers(s),
		Rotations: p.Options.Objective.Match.Rotations,
		Kept:      p.Pictures.Kept,
	}
	r.Content = runtime.Image{Height: s.Height, Width: s.Width, Pixels: pixels}
	if c.content != nil {
		r.Content, r.Part = normalised(c.content, p.Info), 1-float32(p.Options.Strength)
	}
	r.Query = p.query(s, c, r.Content, pixels)
	for k, style := range c.styles {
		one := match.Style{Image: style.Image, Share: style.share}
		if p.masked() {
			one.Mask = func(height, width int) []float32 { return c.masks(height, width)[k] }
		}
		r.Styles = append(r.Styles, one)
	}
	return r
}

// query is the picture whose positions look for similar ones: the content, from the
// second scale on half of it and half of the last result, with all of the content's finest
// detail. A pass that refines looks at the picture itself, again and again.
func (p *Plan) query(s *Stage, c *scene, content runtime.Image, pixels []float32) runtime.Image {
	if c.content == nil || s.First == 0 || s.Refines {
		return content
	}
	mixed := p.blurred(c.content, 2)
	for i, v := range content.Pixels {
		mixed[i] = v + lastResult*(pixels[i]-mixed[i])
	}
	return runtime.Image{Height: s.Height, Width: s.Width, Pixels: mixed}
}

// blurred is a picture shrunk by a factor and enlarged again, normalised.
func (p *Plan) blurred(img image.Image, factor int) []float32 {
	size := img.Bounds().Size()
	small := picture.Resize(img, max(1, (size.X+factor-1)/factor), max(1, (size.Y+factor-1)/factor))
	return tensor(small, size.Y, size.X, p.Info).Pixels
}

// matchTargets feeds the stage's match terms.
func (p *Plan) matchTargets(ctx context.Context, m Model, s *Stage, c *scene, pixels []float32) (runtime.Objective, error) {
	o := s.Objective
	targets, err := match.Targets(ctx, m, p.request(s, c, pixels))
	if err != nil {
		return o, fmt.Errorf("match: %w", err)
	}
	o.Match = make([]runtime.MatchTerm, len(targets))
	for i, t := range targets {
		o.Match[i] = runtime.MatchTerm{Layer: t.Layer, Weight: p.weighTarget(t, len(targets)), Target: t.Values}
	}
	return o, nil
}

// weighTarget is the weight of a target's term.
func (p *Plan) weighTarget(t match.Target, layers int) float32 {
	return float32(p.Options.Objective.Match.WeighLayer(layers, len(t.Values)/p.Info.Layers[t.Layer].Channels, t.Energy))
}

// refiner feeds the terms of the last pass and returns what renews their targets.
func (p *Plan) refiner(ctx context.Context, m Model, s *Stage, c *scene, pixels []float32) (runtime.Objective, *match.Refiner, error) {
	o := s.Objective
	r, err := match.NewRefiner(ctx, m, p.request(s, c, pixels))
	if err != nil {
		return o, nil, fmt.Errorf("match: %w", err)
	}
	o.Content = make([]runtime.ContentTerm, len(r.Targets))
	for i, t := range r.Targets {
		o.Content[i] = runtime.ContentTerm{Layer: t.Layer, Weight: p.weighTarget(t, len(r.Targets)), Target: t.Values}
	}
	return o, r, nil
}
