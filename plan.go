package zellige

import (
	"fmt"
	"image"

	"zellige/picture"
	"zellige/runtime"
)

// Plan is what painting a picture will do, as data: every check is behind it. The
// forecasts of memory and time add up what it says, and [Plan.Paint] does it.
type Plan struct {
	Info     *runtime.Info
	Options  Options     // as they are followed: the objective at its strength
	Pictures Pictures    // as they were given
	Styles   []Style     // those that count, with weights that add up to 1
	Image    image.Image // that is evaluated; nil if a picture is painted
	Working  image.Point // size of the finest stage, in pixels
	Result   image.Point // size of the result, in pixels
	Stages   []Stage     // to do, coarse to fine, never empty

	given Options     // as they were given
	shape image.Point // of the result, regardless of its size
}

// Stage is one scale of a picture: what is evaluated there, and how often.
type Stage struct {
	Scale
	From          int // the iteration it begins with: First, or later if it is resumed
	Width, Height int
	Styles        []image.Point // sizes of the styles, in pixels
	Result        image.Point   // size at which its picture is shown, in pixels
	// Objective has the terms that the network evaluates, with the weights of the
	// options and without targets: a mask is empty, a content [runtime.Source] of no
	// picture stands for each target. It is the most that is evaluated: where a mask is
	// too small to be seen at a layer, its term there is left out.
	Objective runtime.Objective
}

// PlanTransfer plans [Transfer]. Errors: *[OptionError] or *[PictureError].
func PlanTransfer(info *runtime.Info, p Pictures, o Options) (*Plan, error) {
	if p.Style == nil && len(p.Styles) == 0 {
		return nil, &PictureError{Picture: "style", Reason: "is missing"}
	}
	if p.Content == nil {
		return nil, &PictureError{Picture: "content", Reason: "is missing"}
	}
	return newPlan(&Plan{Info: info, Pictures: p, shape: p.Content.Bounds().Size(), given: o})
}

// PlanInversion plans [Invert]. Errors as with [PlanTransfer].
func PlanInversion(info *runtime.Info, p Pictures, o Options) (*Plan, error) {
	if p.Content == nil {
		return nil, &PictureError{Picture: "content", Reason: "is missing"}
	}
	return newPlan(&Plan{Info: info, Pictures: Pictures{Content: p.Content, Alpha: p.Alpha}, shape: p.Content.Bounds().Size(), given: o.Inversion()})
}

// Inversion returns o with what [Invert] makes of it: noise to begin with, and nothing
// that is about a style.
func (o Options) Inversion() Options {
	o.Init, o.Recolor, o.Coherence, o.Brushwork, o.KeepColors, o.Strength = InitNoise, 0, 0, 0, KeepOff, neutral
	o.Objective.Style.Layers, o.Objective.Style.Weights = nil, nil
	return o
}

// PlanTexture plans [Synthesize]: it has no content, and its size is its shape.
// Errors as with [PlanTransfer].
func PlanTexture(info *runtime.Info, styles []Style, o Options) (*Plan, error) {
	if len(styles) == 0 {
		return nil, &PictureError{Picture: "style", Reason: "is missing"}
	}
	o, err := o.Texture()
	if err != nil {
		return nil, err
	}
	return newPlan(&Plan{Info: info, Pictures: Pictures{Styles: styles}, shape: o.Size.point(), given: o})
}

// Texture returns o with what [Synthesize] makes of it: both sides of the size, the
// working size that follows, and nothing of what is about a content.
func (o Options) Texture() (Options, error) {
	if err := o.Size.check(); err != nil {
		return o, err
	}
	if o.Size == (Size{}) {
		o.Size.Width = o.ImageSize
	}
	if o.Size.Height == 0 {
		o.Size.Height = o.Size.Width
	}
	o.ImageSize = min(o.Size.Width, o.Size.Height)
	o.Init, o.KeepColors, o.KeepAlpha, o.Strength = InitNoise, KeepOff, false, neutral
	return o, nil
}

// PlanEvaluation plans [Evaluate]: the finest stage, once. Errors as with
// [PlanTransfer].
func PlanEvaluation(info *runtime.Info, img, content, style image.Image, o Options) (*Plan, error) {
	shape := img
	if content != nil {
		shape = content
	}
	p, err := newPlan(&Plan{Info: info, Pictures: Pictures{Content: content, Style: style}, Image: img, shape: shape.Bounds().Size(), given: o})
	if err != nil {
		return nil, err
	}
	return p, checkEvaluated(img, content, o.ImageSize)
}

// newPlan checks everything and completes a plan of what was given.
func newPlan(p *Plan) (*Plan, error) {
	o := &p.given
	if err := o.Check(len(p.Info.Layers)); err != nil {
		return nil, err
	}
	if p.Pictures.Content != nil {
		if _, _, err := picture.WorkingSize("content", p.Pictures.Content, o.ImageSize); err != nil {
			return nil, err
		}
	}
	if _, err := o.Size.of(p.shape, o.ImageSize); err != nil {
		return nil, err
	}
	var err error
	if p.Styles, err = p.Pictures.allStyles(p.shape); err != nil {
		return nil, err
	}
	if err := p.lay(); err != nil {
		return nil, err
	}
	if err := p.checkInit(); err != nil {
		return nil, err
	}
	return p, p.checkRest()
}

// With is the plan of the same pictures with other options. Only the options and the
// sizes that follow from them are checked again. Errors: *[OptionError].
func (p *Plan) With(change func(*Options)) (*Plan, error) {
	changed := *p
	change(&changed.given)
	if err := changed.given.Check(len(p.Info.Layers)); err != nil {
		return nil, err
	}
	if err := changed.lay(); err != nil {
		return nil, err
	}
	return &changed, nil
}

// lay lays out the stages; an evaluation has the finest alone.
func (p *Plan) lay() error {
	o := p.given
	o.Objective = o.Objective.Scaled(o.Strength)
	if !o.Objective.Matches() { // from nothing at strength 0 to all at 1, as the objective's weights
		o.Recolor = min(1, 2*o.Strength*o.Recolor)
	}
	if p.Pictures.Content != nil { // a photograph is not to look drawn, and at the default strength nearly all is
		drawn := 1 - (1-o.Strength)*(1-o.Strength)
		o.Coherence, o.Brushwork = drawn*o.Coherence, drawn*o.Brushwork
	}
	if o.KeepColors != KeepOff {
		o.Recolor = 0
	}
	p.Options = o
	if err := p.checkMatch(); err != nil {
		return err
	}
	if err := p.checkDepth(); err != nil {
		return err
	}
	p.Stages = nil
	for _, s := range o.scales() {
		if s.finished(&o) {
			continue
		}
		stage, err := p.stage(s)
		if err != nil {
			return err
		}
		p.Stages = append(p.Stages, stage)
	}
	if p.Image != nil {
		p.Stages = p.Stages[len(p.Stages)-1:]
	}
	finest := &p.Stages[len(p.Stages)-1]
	p.Working, p.Result = image.Pt(finest.Width, finest.Height), finest.Result
	return finest.checkPieces(p.Info)
}

// stage is what happens at a scale.
func (p *Plan) stage(scale Scale) (Stage, error) {
	s := Stage{Scale: scale, From: scale.First}
	if scale.resumes(&p.Options) {
		s.From = p.Options.Resume.Iteration
	}
	s.Width, s.Height = picture.Size(scale.Size, p.shape.X, p.shape.Y)
	for i, style := range p.Styles {
		height, width, err := picture.WorkingSize(Role("style", i), style.Image, scale.StyleSize)
		if err != nil {
			return s, err
		}
		s.Styles = append(s.Styles, image.Pt(width, height))
	}
	var err error
	s.Result, err = p.Options.Size.of(p.shape, scale.Size)
	s.Objective = p.objective(&s)
	return s, err
}

// objective has the terms of a stage. Terms of weight 0 cost nothing, and terms
// without a picture are left out.
func (p *Plan) objective(s *Stage) runtime.Objective {
	o := runtime.Objective{Height: s.Height, Width: s.Width, Piece: p.Options.Piece, Lean: p.Options.Lean}
	if c := p.Options.Objective.Content; c.Weight > 0 && p.Pictures.Content != nil {
		o.Content = []runtime.ContentTerm{{Layer: c.Layer, Weight: float32(c.Weight), Content: noSource}}
	}
	switch {
	case len(p.Styles) == 0:
	case p.Options.Objective.Matches():
		p.addMatchTerms(&o, s)
	default:
		for i, l := range p.Options.Objective.Style.Layers {
			if weight := p.Options.Objective.Style.Weights[i]; weight > 0 {
				o.Style = append(o.Style, p.styleTerms(s, l, weight)...)
			}
		}
	}
	return o
}

// noSource stands for the content in a plan.
func noSource(runtime.Image, int, int) {}

// styleTerms are those of a layer: styles that are everywhere need one, for the sum
// of their losses is the loss of their mean, up to a constant; as soon as one has a
// mask each needs its own.
func (p *Plan) styleTerms(s *Stage, layer int, weight float64) []runtime.StyleTerm {
	scale := gramScale(p.Info, p.Options.Objective.Style.Gram, layer, s.Height, s.Width)
	terms := []runtime.StyleTerm{{Layer: layer, Weight: float32(weight), Scale: scale}}
	if p.masked() {
		terms[0].Mask = []float32{}
		for range p.Styles[1:] {
			terms = append(terms, terms[0])
		}
	}
	return terms
}

// checkPieces refuses pieces that are too small for the network's view.
func (s *Stage) checkPieces(info *runtime.Info) error {
	if _, _, err := info.Memory(s.Objective); err != nil {
		return &OptionError{Option: "Piece", Reason: fmt.Sprintf("is too small: %v", err)}
	}
	return nil
}
