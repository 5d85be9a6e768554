package zellige

import (
	"context"
	"errors"
	"image"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"zellige/losses"
	"zellige/picture"
	"zellige/runtime"
)

// Paint paints the picture, one stage after another, each from the enlarged picture
// of the one before. It tells Options.Progress. Errors as with [Transfer].
func (p *Plan) Paint(ctx context.Context, m Model) (*Result, error) {
	r, began := &Result{}, time.Now()
	for i := range p.Stages {
		if err := p.paintStage(ctx, m, i, r, began); err != nil {
			return interrupted(ctx, r, err)
		}
	}
	return r, nil
}

// interrupted says what is returned when a stage ends with an error: the picture so
// far, if there is one, when its user or its weights are at fault.
func interrupted(ctx context.Context, r *Result, err error) (*Result, error) {
	var diverged *DivergedError
	if r.Image != nil && (ctx.Err() != nil || errors.As(err, &diverged)) {
		return r, err
	}
	return nil, err
}

// paintStage does one stage and notes its result in r, which holds that of the stage
// before.
func (p *Plan) paintStage(ctx context.Context, m Model, stage int, r *Result, began time.Time) error {
	s := &p.Stages[stage]
	scene := p.scene(s)
	objective, err := p.targets(ctx, m, s, scene)
	if err != nil {
		return err
	}
	pixels, err := p.start(scene, s, r)
	if err != nil {
		return err
	}
	debug.FreeOSMemory() // what the targets were computed of, before as much again is needed
	l, err := newLoop(m, p, stage, objective, pixels)
	if err != nil {
		return err
	}
	return errors.Join(l.run(ctx, r, began), l.network.Close())
}

// start returns the pixels that a stage starts from, [3][H][W].
func (p *Plan) start(c *scene, s *Stage, r *Result) ([]float32, error) {
	if s.resumes(&p.Options) {
		if len(p.Options.Resume.Pixels) != 3*s.Height*s.Width {
			return nil, errors.New("the state to resume from is of a picture of another size")
		}
		return append([]float32(nil), p.Options.Resume.Pixels...), nil
	}
	if s.First > 0 {
		smaller := picture.FromTensor(r.Pixels, r.Width, r.Height, p.Info.Mean, p.Info.Std, picture.Clip)
		return tensor(smaller, s.Height, s.Width, p.Info).Pixels, nil
	}
	switch p.Options.Init {
	case InitNoise:
		return c.recolored(noise(3*s.Height*s.Width, p.Options.Seed), p.Options.Recolor), nil
	case InitImage:
		return tensor(p.Pictures.Init, s.Height, s.Width, p.Info).Pixels, nil
	}
	return normalised(c.content, p.Info).Pixels, nil
}

// noise returns n values uniform in [0,1).
func noise(n int, seed uint64) []float32 {
	random := rand.New(rand.NewPCG(seed, 0))
	values := make([]float32, n)
	for i := range values {
		values[i] = random.Float32()
	}
	return values
}

// Evaluate returns the losses of the plan's image; see [Evaluate].
func (p *Plan) Evaluate(ctx context.Context, m Model) (losses.Values, error) {
	s := &p.Stages[0]
	objective, err := p.targets(ctx, m, s, p.scene(s))
	if err != nil {
		return losses.Values{}, err
	}
	o := &p.Options.Objective
	values, places := emptyValues(o, objective)
	if p.Pictures.Content == nil {
		values.Content = nil
	}
	if p.Pictures.Style == nil {
		values.Style = nil
	}
	pixels := tensor(p.Image, s.Height, s.Width, p.Info).Pixels
	unused := make([]float32, len(pixels))
	values.TV = losses.NewTotalVariation(o.WeighTV(len(pixels)), s.Height, s.Width).AddGradient(unused, pixels)
	network, err := prepare(m, objective, pixels, nil)
	if err != nil {
		return values, err
	}
	err = evaluateNetwork(ctx, network, values, places)
	return values, errors.Join(err, network.Close())
}

// emptyValues makes room for the losses of an objective: terms of weight 0 are there
// and stay 0, and places says where each of the network's style losses goes.
func emptyValues(o *losses.Objective, network runtime.Objective) (v losses.Values, places []int) {
	if o.Content.Weight == 0 || len(network.Content) > 0 { // else there is no content picture
		v.Content = []losses.LayerValue{{Layer: o.Content.Layer}}
	}
	for i, l := range o.Style.Layers {
		v.Style = append(v.Style, losses.LayerValue{Layer: l})
		for _, t := range network.Style {
			if t.Layer == l {
				places = append(places, i)
			}
		}
	}
	return v, places
}

// prepare opens the network for an objective, unless that asks nothing of it.
func prepare(m Model, o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	if len(o.Content)+len(o.Style) == 0 {
		return withoutNetwork{gradient}, nil
	}
	return m.Prepare(o, pixels, gradient)
}

// withoutNetwork stands for a network of which nothing is asked.
type withoutNetwork struct{ gradient []float32 }

func (w withoutNetwork) Evaluate(context.Context) (runtime.Losses, error) {
	clear(w.gradient)
	return runtime.Losses{}, nil
}

func (withoutNetwork) Close() error { return nil }

// evaluateNetwork writes the network's losses into v.
func evaluateNetwork(ctx context.Context, network runtime.Evaluator, v losses.Values, places []int) error {
	l, err := network.Evaluate(ctx)
	if err != nil {
		return err
	}
	for i, x := range l.Content {
		v.Content[i].Value = float64(x)
	}
	for _, place := range places {
		v.Style[place].Value = 0
	}
	for i, x := range l.Style { // a layer may have several terms
		v.Style[places[i]].Value += float64(x)
	}
	return nil
}

// kept is the picture whose colours the result keeps; nil if it keeps none.
func (p *Plan) kept() image.Image {
	if p.Options.KeepColors == KeepLuma {
		return p.Pictures.Content
	}
	return nil
}

// opacity is the one that the result gets; nil if it is opaque.
func (p *Plan) opacity() *image.Alpha16 {
	if p.Options.KeepAlpha {
		return p.Pictures.Alpha
	}
	return nil
}
