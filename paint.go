package zellige

import (
	"context"
	"errors"
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
	if _, diverged := errors.AsType[*DivergedError](err); r.Image != nil && (diverged || ctx.Err() != nil) {
		return r, err
	}
	return nil, err
}

// paintStage does one stage and notes its result in r, which holds that of the stage
// before.
func (p *Plan) paintStage(ctx context.Context, m Model, stage int, r *Result, began time.Time) error {
	s := &p.Stages[stage]
	scene := p.scene(s)
	pixels, err := p.start(ctx, scene, s, r)
	if err != nil {
		return err
	}
	matched, err := p.matched(s, pixels)
	if err != nil {
		return err
	}
	objective, refiner, err := p.targets(ctx, m, s, scene, matched)
	if err != nil {
		return err
	}
	debug.FreeOSMemory() // what the targets were computed of, before as much again is needed
	l, err := newLoop(m, p, stage, objective, pixels)
	if err != nil {
		return err
	}
	l.refiner, l.matched = refiner, matched
	if stage == len(p.Stages)-1 {
		l.finish.scene = scene
	}
	return l.run(ctx, r, began)
}

// matched are the pixels that a stage's targets are found for: a copy of those it starts
// from, or of a run to be resumed those it was interrupted with; nil without a matching
// loss.
func (p *Plan) matched(s *Stage, pixels []float32) ([]float32, error) {
	if !p.Options.Objective.Matches() {
		return nil, nil
	}
	if s.resumes(&p.Options) {
		pixels = p.Options.Resume.Matched
		if len(pixels) != 3*s.Height*s.Width {
			return nil, errors.New("the state to resume from has no picture of this size to match")
		}
	}
	return append([]float32(nil), pixels...), nil
}

// start returns the pixels that a stage starts from, [3][H][W].
func (p *Plan) start(ctx context.Context, c *scene, s *Stage, r *Result) ([]float32, error) {
	if s.resumes(&p.Options) {
		if len(p.Options.Resume.Pixels) != 3*s.Height*s.Width {
			return nil, errors.New("the state to resume from is of a picture of another size")
		}
		return append([]float32(nil), p.Options.Resume.Pixels...), nil
	}
	if s.First > 0 && r.Width == s.Width && r.Height == s.Height {
		return append([]float32(nil), r.Pixels...), nil
	}
	if s.First > 0 {
		smaller := picture.FromTensor(c.coherent(ctx, r.Pixels, r.Height, r.Width, p.Options.Coherence), r.Width, r.Height, p.Info.Mean, p.Info.Std, picture.Clip)
		pixels := tensor(smaller, s.Height, s.Width, p.Info).Pixels
		if s.Refines && c.content != nil {
			pixels = picture.Toned(pixels, normalised(c.content, p.Info).Pixels, s.Height, s.Width, min(tones*(1-p.Options.Strength), 1))
		}
		return pixels, nil
	}
	switch p.Options.Init {
	case InitNoise:
		return c.recolored(noise(3*s.Height*s.Width, p.Options.Seed), p.Options.Recolor), nil
	case InitImage:
		return tensor(p.Pictures.Init, s.Height, s.Width, p.Info).Pixels, nil
	}
	if p.Options.Objective.Matches() {
		return p.blurred(c.content, firstShrink), nil
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
	pixels := tensor(p.Image, s.Height, s.Width, p.Info).Pixels
	objective, refiner, err := p.targets(ctx, m, s, p.scene(s), pixels)
	if err == nil && refiner != nil {
		err = refiner.Renew(ctx, runtime.Image{Height: s.Height, Width: s.Width, Pixels: pixels}, 0)
	}
	if err != nil {
		return losses.Values{}, err
	}
	values, places := p.emptyValues(s, objective)
	if p.Pictures.Content == nil {
		values.Content = nil
	}
	if p.Pictures.Style == nil {
		values.Style = nil
	}
	unused := make([]float32, len(pixels))
	values.TV = losses.NewTotalVariation(p.Options.Objective.WeighTV(len(pixels)), s.Height, s.Width).AddGradient(unused, pixels)
	network, err := prepare(m, objective, pixels, nil)
	if err != nil {
		return values, err
	}
	err = evaluateNetwork(ctx, network, values, places)
	return values, errors.Join(err, network.Close())
}
