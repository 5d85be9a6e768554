package zellige

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	goruntime "runtime"

	"zellige/picture"
	"zellige/runtime"
)

// Transfer paints the content picture in the style of the style picture.
//
// If ctx is done before the end, the result holds the picture so far and the
// error is the context's; so it does with a *[DivergedError]. Other errors: *[OptionError], *[PictureError], or what
// the model reports.
func Transfer(ctx context.Context, m Model, p Pictures, o Options) (*Result, error) {
	if p.Style == nil {
		return nil, &PictureError{"style", "is missing"}
	}
	return paint(ctx, m, p, o)
}

// Invert rebuilds the content picture from noise, given nothing but its features
// at the objective's content layer (feature inversion; Mahendran and Vedaldi
// 2015, in the lab report: the style weights 0). Errors as with [Transfer].
func Invert(ctx context.Context, m Model, content image.Image, o Options) (*Result, error) {
	o.Init = InitNoise
	o.Objective.Style.Layers, o.Objective.Style.Weights = nil, nil
	return paint(ctx, m, Pictures{Content: content}, o)
}

// paint is Transfer and Invert: targets, starting point, loop.
func paint(ctx context.Context, m Model, p Pictures, o Options) (*Result, error) {
	if err := o.Check(len(m.Info().Layers)); err != nil {
		return nil, err
	}
	if p.Content == nil {
		return nil, &PictureError{"content", "is missing"}
	}
	height, width, err := workingSize("content", p.Content, o.ImageSize)
	if err != nil {
		return nil, err
	}
	style, err := styleTensor(m.Info(), p.Style, o.StyleSize)
	if err != nil {
		return nil, err
	}
	content := picture.Resize(p.Content, width, height)
	objective, err := targets(ctx, m, &o, content, style, height, width)
	if err != nil {
		return nil, err
	}
	pixels, err := start(m.Info(), content, p.Init, &o)
	if err != nil {
		return nil, err
	}
	goruntime.GC() // what the targets were computed of, before as much again is needed
	painter, err := newPainter(m, o, objective, pixels)
	if err != nil {
		return nil, err
	}
	result, err := painter.run(ctx)
	return result, errors.Join(err, painter.close())
}

// styleTensor resizes and normalises the style picture, if there is one.
func styleTensor(info *runtime.Info, img image.Image, size int) (*runtime.Image, error) {
	if img == nil {
		return nil, nil
	}
	height, width, err := workingSize("style", img, size)
	if err != nil {
		return nil, err
	}
	t := tensor(img, height, width, info)
	return &t, nil
}

// start returns the pixels that the optimisation starts from, [3][H][W]; content
// has their size.
func start(info *runtime.Info, content image.Image, init image.Image, o *Options) ([]float32, error) {
	size := content.Bounds().Size()
	if o.Resume != nil {
		if len(o.Resume.Pixels) != 3*size.X*size.Y {
			return nil, fmt.Errorf("the state to resume from is of a picture of another size")
		}
		return append([]float32(nil), o.Resume.Pixels...), nil
	}
	switch o.Init {
	case InitNoise:
		return noise(3*size.X*size.Y, o.Seed), nil
	case InitImage:
		return initTensor(info, size, init, o)
	}
	return normalised(content, info).Pixels, nil
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

// initTensor brings the init picture to the size of the content, whose shape it
// must have up to a pixel of rounding.
func initTensor(info *runtime.Info, content image.Point, init image.Image, o *Options) ([]float32, error) {
	if init == nil {
		return nil, &PictureError{"init", "is missing"}
	}
	if _, _, err := workingSize("init", init, o.ImageSize); err != nil {
		return nil, err
	}
	if !sameShape(init, content.Y, content.X) {
		b := init.Bounds()
		return nil, &PictureError{"init", fmt.Sprintf("is %dx%d pixels, which is not the shape of the content, %dx%d; crop it",
			b.Dx(), b.Dy(), content.X, content.Y)}
	}
	return picture.ToTensor(picture.Resize(init, content.X, content.Y), info.Mean, info.Std), nil
}
