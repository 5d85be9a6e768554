package zellige

import (
	"context"
	"errors"
	"image"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"zellige/picture"
)

// Transfer paints the content picture in the style of the style picture, or in a
// blend of several, each where its mask lets it.
//
// If ctx is done before the end, the result holds the picture so far and the
// error is the context's; so it does with a *[DivergedError]. Other errors: *[OptionError], *[PictureError], or what
// the model reports.
func Transfer(ctx context.Context, m Model, p Pictures, o Options) (*Result, error) {
	if p.Style == nil && len(p.Styles) == 0 {
		return nil, &PictureError{"style", "is missing"}
	}
	if p.Content == nil {
		return nil, &PictureError{"content", "is missing"}
	}
	return paint(ctx, m, p, p.Content.Bounds().Size(), o)
}

// Invert rebuilds the content picture from noise, given nothing but its features
// at the objective's content layer (feature inversion; Mahendran and Vedaldi
// 2015, in the lab report: the style weights 0). Of p only the content and its
// opacity count. Errors as with [Transfer].
func Invert(ctx context.Context, m Model, p Pictures, o Options) (*Result, error) {
	if p.Content == nil {
		return nil, &PictureError{"content", "is missing"}
	}
	o.Init, o.Recolor, o.KeepColors, o.Strength = InitNoise, 0, KeepOff, neutral
	o.Objective.Style.Layers, o.Objective.Style.Weights = nil, nil
	return paint(ctx, m, Pictures{Content: p.Content, Alpha: p.Alpha}, p.Content.Bounds().Size(), o)
}

// Synthesize paints a texture of the given size from noise that has nothing but
// the statistics of the styles (Gatys et al., "Texture Synthesis Using
// Convolutional Neural Networks", 2015). Its size is o.Size, a square if that is
// one side, or if it is zero a square of o.ImageSize; it is worked at that size.
// [TexturePreset] has options for it. Errors as with [Transfer].
func Synthesize(ctx context.Context, m Model, styles []Style, o Options) (*Result, error) {
	if len(styles) == 0 {
		return nil, &PictureError{"style", "is missing"}
	}
	o, err := o.Texture()
	if err != nil {
		return nil, err
	}
	return paint(ctx, m, Pictures{Styles: styles}, o.Size.point(), o)
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

// paint paints a picture of the given shape, one stage after another, each from
// the enlarged picture of the one before.
func paint(ctx context.Context, m Model, p Pictures, shape image.Point, o Options) (*Result, error) {
	j, err := newJob(m, p, shape, o)
	if err != nil {
		return nil, err
	}
	r, began := &Result{}, time.Now()
	for _, s := range o.stages() {
		if s.finished(&o) {
			continue
		}
		if err := j.paint(ctx, s, r, began); err != nil {
			return interrupted(ctx, r, err)
		}
	}
	return r, nil
}

// interrupted says what is returned when a stage ends with an error: the picture
// so far, if there is one, when its user or its weights are at fault.
func interrupted(ctx context.Context, r *Result, err error) (*Result, error) {
	var diverged *DivergedError
	if r.Image != nil && (ctx.Err() != nil || errors.As(err, &diverged)) {
		return r, err
	}
	return nil, err
}

// paint does one stage and notes its result in r, which holds that of the stage
// before.
func (j *job) paint(ctx context.Context, s stage, r *Result, began time.Time) error {
	w, err := j.work(s)
	if err != nil {
		return err
	}
	objective, err := targets(ctx, j.model, &j.options, w)
	if err != nil {
		return err
	}
	pixels, err := j.start(w, s, r)
	if err != nil {
		return err
	}
	debug.FreeOSMemory() // what the targets were computed of, before as much again is needed
	p, err := newPainter(j.model, &j.options, s, objective, pixels)
	if err != nil {
		return err
	}
	p.colors, p.alpha = j.kept(), j.opacity()
	p.size, err = j.options.Size.of(j.shape, s.size)
	if err == nil {
		err = p.run(ctx, r, began)
	}
	return errors.Join(err, p.network.Close())
}

// start returns the pixels that a stage starts from, [3][H][W].
func (j *job) start(w *work, s stage, r *Result) ([]float32, error) {
	if s.resumes(&j.options) {
		if len(j.options.Resume.Pixels) != 3*w.height*w.width {
			return nil, errors.New("the state to resume from is of a picture of another size")
		}
		return append([]float32(nil), j.options.Resume.Pixels...), nil
	}
	info := j.model.Info()
	if s.first > 0 {
		smaller := picture.FromTensor(r.Pixels, r.Width, r.Height, info.Mean, info.Std, picture.Clip)
		return tensor(smaller, w.height, w.width, info).Pixels, nil
	}
	switch j.options.Init {
	case InitNoise:
		return w.recolored(noise(3*w.height*w.width, j.options.Seed), j.options.Recolor), nil
	case InitImage:
		return tensor(j.pictures.Init, w.height, w.width, info).Pixels, nil
	}
	return normalised(w.content, info).Pixels, nil
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
