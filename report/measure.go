package report

import (
	"context"
	"fmt"
	"image"

	"zellige"
	"zellige/experiment"
	"zellige/losses"
	"zellige/picture"
	"zellige/runtime"
)

// Measure measures the runs that have not been measured yet and keeps the results
// beside their manifests. Progress, if not nil, is called before each of them.
// What keeps one run from being measured becomes a warning; the error is the
// context's.
func (r *Report) Measure(ctx context.Context, m zellige.Model, progress func(done, all int)) error {
	todo := r.Unmeasured()
	g := &gauge{model: m, info: m.Info()}
	for i, run := range todo {
		if progress != nil {
			progress(i, len(todo))
		}
		measures, err := r.measure(ctx, g, run)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.warn(err)
		if measures == nil {
			continue
		}
		run.Measures = measures
		if err := measures.write(run.path(MeasuresFile)); err != nil {
			r.warn(r.sources.once(fmt.Errorf("the measures are not kept for the next report: %w", err)))
		}
	}
	return nil
}

// Unmeasured are the runs that [Report.Measure] would measure.
func (r *Report) Unmeasured() []*Run {
	var todo []*Run
	for _, run := range r.Runs {
		if run.Measures == nil {
			todo = append(todo, run)
		}
	}
	return todo
}

// measure does not measure a picture whose sources are gone: half of the measures
// would be kept as if they were all.
func (r *Report) measure(ctx context.Context, g *gauge, run *Run) (*Measures, error) {
	content, err := r.sources.read(run, roleContent)
	if err != nil || content == nil {
		return nil, err
	}
	style, err := r.sources.read(run, roleStyle)
	if err != nil {
		return nil, err
	}
	result, err := readUnchanged(run.path(run.Picture.File), run.Picture.SHA256)
	if err != nil {
		return nil, fmt.Errorf("%s is not measured: %w", run.ID, err)
	}
	m, err := g.measure(ctx, result, content, style, run)
	if err != nil {
		return nil, fmt.Errorf("measure %s: %w", run.ID, err)
	}
	return m, nil
}

// gauge measures pictures with the network. It remembers the content and the style
// of the last one.
type gauge struct {
	model          zellige.Model
	info           *runtime.Info
	content, style remembered
}

// remembered is what the network makes of one picture at one size.
type remembered struct {
	key   string
	views views
}

// views are a picture's features and Gram matrices by layer.
type views struct {
	features map[int][]float32 // [C][h*w]
	grams    map[int][]float32 // [C][C], divided by C*h*w
}

func (g *gauge) measure(ctx context.Context, result, content, style image.Image, run *Run) (*Measures, error) {
	b := result.Bounds()
	height, width := b.Dy(), b.Dx()
	content = picture.Resize(content, width, height)
	at, err := g.view(ctx, result, true)
	if err != nil {
		return nil, err
	}
	from, err := g.recall(ctx, &g.content, content, true, fmt.Sprint(run.Recipe.Pictures[roleContent].SHA256, width, height))
	if err != nil {
		return nil, err
	}
	ssim := experiment.Number(ssim(luma(result), luma(content), width, height))
	m := &Measures{
		Version:         measuresVersion,
		Picture:         run.Picture.SHA256,
		ContentDistance: g.contentDistance(at, from),
		SSIM:            &ssim,
		ColorDistance:   map[string]experiment.Number{roleContent: experiment.Number(colorDistance(result, content))},
		TV:              experiment.Number(g.totalVariation(result, height, width)),
	}
	if style == nil {
		return m, nil
	}
	sb := style.Bounds()
	w, h := picture.Size(run.Options.StyleSize, sb.Dx(), sb.Dy())
	style = picture.Resize(style, w, h)
	to, err := g.recall(ctx, &g.style, style, false, fmt.Sprint(run.Recipe.Pictures[roleStyle].SHA256, w, h))
	if err != nil {
		return nil, err
	}
	m.StyleDistance = styleDistance(at, from, to)
	m.ColorDistance[roleStyle] = experiment.Number(colorDistance(result, style))
	return m, nil
}

// recall is view with the last answer remembered.
func (g *gauge) recall(ctx context.Context, last *remembered, img image.Image, features bool, key string) (views, error) {
	if last.key == key {
		return last.views, nil
	}
	*last = remembered{} // not two at a time
	v, err := g.view(ctx, img, features)
	if err == nil {
		*last = remembered{key, v}
	}
	return v, err
}

// view sends a picture through the network, down to the deepest layer that its size
// allows. Features are large and not needed of a style.
func (g *gauge) view(ctx context.Context, img image.Image, features bool) (views, error) {
	b := img.Bounds()
	height, width := b.Dy(), b.Dx()
	var layers, featured []int
	var grams []runtime.GramTerm
	for l := 1; l < len(g.info.Layers) && g.info.CheckLayer(l, height, width) == nil; l++ {
		h, w := g.info.FeatureSize(l, height, width)
		layers = append(layers, l)
		grams = append(grams, runtime.GramTerm{Layer: l, Scale: float32(losses.GramSize.Scale(g.info.Layers[l].Channels, h, w))})
	}
	if features {
		featured = layers
	}
	e, err := g.model.Extract(ctx, g.tensor(img, height, width), featured, grams)
	if err != nil {
		return views{}, err
	}
	v := views{map[int][]float32{}, map[int][]float32{}}
	for i, l := range layers {
		v.grams[l] = e.Grams[i]
	}
	for i, l := range featured {
		v.features[l] = e.Features[i]
	}
	return v, nil
}

func (g *gauge) tensor(img image.Image, height, width int) runtime.Image {
	return runtime.Image{Height: height, Width: width, Pixels: picture.ToTensor(img, g.info.Mean, g.info.Std)}
}

func (g *gauge) totalVariation(img image.Image, height, width int) float64 {
	return losses.NewTotalVariation(1, height, width).AddGradient(nil, g.tensor(img, height, width).Pixels)
}
