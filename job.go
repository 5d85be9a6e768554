package zellige

import (
	"errors"
	"image"

	"zellige/picture"
	"zellige/runtime"
)

// job is a picture to paint, checked as far as it can be before the work.
type job struct {
	model    Model
	options  Options // with the objective at its strength
	pictures Pictures
	styles   []Style
	shape    image.Point // of the result, whatever its size
}

// CheckPictures tells before any work what [Transfer], or [Synthesize] if there is
// no content, would find wrong with the options and the pictures: *[OptionError]
// or *[PictureError].
func (o Options) CheckPictures(info *runtime.Info, p Pictures) error {
	if p.Content != nil {
		_, err := checkedJob(info, p, p.Content.Bounds().Size(), o)
		return err
	}
	o, err := o.Texture()
	if err == nil {
		_, err = checkedJob(info, p, o.Size.point(), o)
	}
	return err
}

func newJob(m Model, p Pictures, shape image.Point, o Options) (*job, error) {
	j, err := checkedJob(m.Info(), p, shape, o)
	if err == nil {
		j.model = m
	}
	return j, err
}

func checkedJob(info *runtime.Info, p Pictures, shape image.Point, o Options) (*job, error) {
	if err := o.Check(len(info.Layers)); err != nil {
		return nil, err
	}
	if p.Content != nil {
		if _, _, err := workingSize("content", p.Content, o.ImageSize); err != nil {
			return nil, err
		}
	}
	if _, err := o.Size.of(shape, o.ImageSize); err != nil {
		return nil, err
	}
	styles, err := p.allStyles(shape)
	if err != nil {
		return nil, err
	}
	o.Objective = o.Objective.Scaled(o.Strength)
	if err := o.checkScales(info); err != nil {
		return nil, err
	}
	// From nothing at strength 0 to all at 1, as the objective's weights.
	o.Recolor = min(1, 2*o.Strength*o.Recolor)
	if o.KeepColors != KeepOff {
		o.Recolor = 0
	}
	j := &job{options: o, pictures: p, styles: styles, shape: shape}
	return j, errors.Join(j.checkInit(), j.checkRest())
}

// checkInit refuses a picture to start from that has not the shape of the content.
func (j *job) checkInit() error {
	if j.options.Init != InitImage {
		return nil
	}
	if j.pictures.Init == nil {
		return &PictureError{"init", "is missing"}
	}
	if _, _, err := workingSize("init", j.pictures.Init, j.options.ImageSize); err != nil {
		return err
	}
	return checkShape("init", j.pictures.Init, "content", j.shape)
}

// work is what one stage works with: pictures at its sizes.
type work struct {
	height, width int
	content       image.Image // nil for a texture
	styles        []styleWork
}

// styleWork is a style at the size of a stage, normalised.
type styleWork struct {
	runtime.Image
	share float64     // of all styles, which add up to 1
	mask  image.Image // nil for what the masks leave
}

// work resizes and recolours the pictures of a stage.
func (j *job) work(s stage) (*work, error) {
	info := j.model.Info()
	w := &work{}
	w.width, w.height = picture.Size(s.size, j.shape.X, j.shape.Y)
	if j.pictures.Content != nil {
		w.content = picture.Resize(j.pictures.Content, w.width, w.height)
	}
	for _, style := range j.styles {
		height, width, err := workingSize("style", style.Image, s.styleSize)
		if err != nil {
			return nil, err
		}
		w.styles = append(w.styles, styleWork{tensor(style.Image, height, width, info), style.Weight, style.Mask})
	}
	j.recolor(w)
	return w, nil
}

// recolor gives the content the styles' colours, or the styles those of the
// content, as the options ask for.
func (j *job) recolor(w *work) {
	info := j.model.Info()
	if w.content == nil || len(w.styles) == 0 {
		return
	}
	if j.options.KeepColors == KeepMatch {
		content := normalised(w.content, info)
		for i := range w.styles {
			w.styles[i].Pixels = picture.MatchColors(w.styles[i].Pixels, content.Pixels, 1)
		}
	}
	if j.options.Recolor > 0 {
		pixels := w.recolored(normalised(w.content, info).Pixels, j.options.Recolor)
		w.content = picture.FromTensor(pixels, w.width, w.height, info.Mean, info.Std, picture.Clip)
	}
}

// recolored returns pixels, [3][height*width], with the colours moved towards
// those of the styles, of each where its mask lets it.
func (w *work) recolored(pixels []float32, amount float64) []float32 {
	if amount == 0 || len(w.styles) == 0 {
		return pixels
	}
	moved, n := append([]float32(nil), pixels...), w.height*w.width
	shares := make([]float32, n) // of all styles at a pixel
	masks := w.masks(w.height, w.width)
	for k, s := range w.styles {
		for i, v := range masks[k] {
			shares[i] += float32(s.share) * v
		}
	}
	for k, s := range w.styles {
		colors := picture.MatchColors(pixels, s.Pixels, amount)
		for i, v := range colors {
			if share := float32(s.share) * masks[k][i%n]; share > 0 {
				// Full where styles cover the pixel, less at soft edges to nothing.
				moved[i] += (v - pixels[i]) * share / max(shares[i%n], float32(s.share))
			}
		}
	}
	return moved
}

// kept is the picture whose colours the result keeps, if any.
func (j *job) kept() image.Image {
	if j.options.KeepColors == KeepLuma {
		return j.pictures.Content
	}
	return nil
}

// opacity is the one that the result gets, nil if it is opaque.
func (j *job) opacity() *image.Alpha16 {
	if j.options.KeepAlpha {
		return j.pictures.Alpha
	}
	return nil
}
