package zellige

import "fmt"

// need is the shorter side that a picture or a style needs at a scale, in pixels, for
// the sake of a layer.
type need struct{ side, layer int }

func (n *need) atLeast(side, layer int) {
	if side > n.side {
		*n = need{side, layer}
	}
}

// needs are those of the scale's picture and of its styles, which may be none.
func (p *Plan) needs(o *Options, s Scale) (image, style need) {
	image.side, style.side = MinSize, MinSize
	if o.Objective.Matches() {
		for _, l := range o.matchLayers(s) {
			image.atLeast(p.Info.MinimumMatchSize(l), l)
		}
		return image, image
	}
	if c := o.Objective.Content; c.Weight > 0 && p.Pictures.Content != nil {
		image.atLeast(p.Info.MinimumSize(c.Layer), c.Layer)
	}
	for i, l := range o.Objective.Style.Layers {
		if o.Objective.Style.Weights[i] > 0 {
			image.atLeast(p.Info.MinimumSize(l), l)
			style.atLeast(p.Info.MinimumSize(l), l)
		}
	}
	return image, style
}

// shallow is a scale whose picture or style is smaller than its layers need.
type shallow struct {
	Scale
	need
	what string // "picture" or "style"
	is   int    // its shorter side, in pixels
}

// shallowest is the first such scale, nil if there is none.
func (p *Plan) shallowest(o *Options) *shallow {
	for _, s := range o.scales() {
		image, style := p.needs(o, s)
		if s.Size < image.side {
			return &shallow{s, image, "picture", s.Size}
		}
		if len(p.Styles) > 0 && s.StyleSize < style.side {
			return &shallow{s, style, "style", s.StyleSize}
		}
	}
	return nil
}

// checkDepth refuses scales that are too small for their layers: too many of them, or
// else a size that is too small, with the smallest that would do.
func (p *Plan) checkDepth() error {
	o := p.Options
	s := p.shallowest(&o)
	if s == nil {
		return nil
	}
	if one := o; o.Scales > 1 {
		if one.Scales = 1; p.shallowest(&one) == nil {
			return &OptionError{Option: "Scales", Reason: fmt.Sprintf("is %d, which begins with a picture of %d and a style of %d pixels, layer %d needs at least %d; use fewer scales or a larger size",
				o.Scales, s.Size, s.StyleSize, s.layer, s.side)}
		}
	}
	switch {
	case s.what == "style" && o.StyleScale < 1:
		return p.tooSmall(s, "StyleScale", o.StyleScale, func(o *Options, n int) float64 {
			o.StyleScale = float64(n) / 100
			return o.StyleScale
		})
	case s.what == "style" && o.StyleSize > 0:
		return p.tooSmall(s, "StyleSize", float64(o.StyleSize), func(o *Options, n int) float64 {
			o.StyleSize = n
			return float64(n)
		})
	}
	option := "ImageSize"
	if p.Pictures.Content == nil && p.Image == nil { // a texture
		option = "Size"
	}
	return p.tooSmall(s, option, float64(o.ImageSize), func(o *Options, n int) float64 {
		o.ImageSize = n
		return float64(n)
	})
}

// tooSmall says which option makes a scale too small, and its smallest value that does
// not; set gives it the n-th of its values.
func (p *Plan) tooSmall(s *shallow, option string, is float64, set func(o *Options, n int) float64) error {
	o, least := p.Options, 0.0
	for n := 1; n <= MaxSize; n++ {
		if least = set(&o, n); p.shallowest(&o) == nil {
			break
		}
	}
	return &OptionError{Option: option, Reason: fmt.Sprintf("is %g, too small: layer %d needs a %s of at least %d pixels, this one is of %d; use at least %g for these layers",
		is, s.layer, s.what, s.side, s.is, least)}
}
