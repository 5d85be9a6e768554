package zellige

import (
	"context"
	"fmt"
	"image"

	"zellige/measure"
	"zellige/picture"
	"zellige/runtime"
)

// The layers that pictures are judged at.
var (
	styleJudges   = []int{9, 12}
	contentJudges = []int{4, 7, 9, 12}
)

// Measure judges a picture beside the content and the style it was painted from;
// either may be nil, and then what needs it is left out. It works at the
// picture's own size: the content, which must have its shape, is resized to it,
// and the style's shorter side becomes as long as the picture's. Errors:
// *[PictureError], also for a picture too small for the deepest layer, or what
// the model reports.
func Measure(ctx context.Context, m Model, img, content, style image.Image) (measure.Values, error) {
	j, err := newJudge(ctx, m, img)
	if err != nil {
		return measure.Values{}, err
	}
	v := measure.Values{TV: j.picture.TotalVariation(), Checker: j.picture.Checker()}
	var original judged
	if content != nil {
		if original, err = j.content(ctx, &v, content); err != nil {
			return v, err
		}
	}
	if style != nil {
		err = j.style(ctx, &v, style, original)
	}
	return v, err
}

// judge holds what is compared with.
type judge struct {
	model         Model
	height, width int
	picture       measure.Picture
	own           judged
}

// judged is what the network says of one picture.
type judged struct {
	features [][]float32 // at contentJudges, [C][h*w]
	grams    [][]float32 // at styleJudges, [C][C] of the mean over positions
}

func newJudge(ctx context.Context, m Model, img image.Image) (*judge, error) {
	b := img.Bounds()
	height, width, err := workingSize("image", img, min(b.Dx(), b.Dy()))
	if err != nil {
		return nil, err
	}
	j := &judge{model: m, height: height, width: width, picture: measure.FromImage(img)}
	j.own, err = j.look(ctx, "image", tensor(img, height, width, m.Info()), true)
	return j, err
}

// look runs the network on a picture.
func (j *judge) look(ctx context.Context, name string, t runtime.Image, features bool) (judged, error) {
	info := j.model.Info()
	deepest := styleJudges[len(styleJudges)-1]
	if err := info.CheckLayer(deepest, t.Height, t.Width); err != nil {
		return judged{}, &PictureError{name, "cannot be measured: " + err.Error()}
	}
	var grams []runtime.GramTerm
	for _, l := range styleJudges {
		h, w := info.FeatureSize(l, t.Height, t.Width)
		grams = append(grams, runtime.GramTerm{Layer: l, Scale: 1 / float32(h*w)})
	}
	var layers []int
	if features {
		layers = contentJudges
	}
	e, err := j.model.Extract(ctx, t, layers, grams)
	if err != nil {
		return judged{}, fmt.Errorf("%s picture: %w", name, err)
	}
	return judged{e.Features, e.Grams}, nil
}

// content measures how much of the content the picture keeps.
func (j *judge) content(ctx context.Context, v *measure.Values, content image.Image) (judged, error) {
	if !sameShape(content, j.height, j.width) {
		b := content.Bounds()
		return judged{}, &PictureError{"content", fmt.Sprintf("is %dx%d pixels, which is not the shape of the image, %dx%d; crop it",
			b.Dx(), b.Dy(), j.width, j.height)}
	}
	original, err := j.look(ctx, "content", tensor(content, j.height, j.width, j.model.Info()), true)
	if err != nil {
		return judged{}, err
	}
	distance := 0.0
	for i, l := range contentJudges {
		channels := j.model.Info().Layers[l].Channels
		distance += measure.ContentDistance(j.own.features[i], original.features[i], channels) / float64(len(contentJudges))
	}
	similarity := measure.SSIM(j.picture, measure.FromImage(picture.Resize(content, j.width, j.height)))
	v.Content, v.SSIM = &distance, &similarity
	return original, nil
}

// style measures how near the picture is to the style, in units of the original
// content's distance if there is one.
func (j *judge) style(ctx context.Context, v *measure.Values, style image.Image, original judged) error {
	height, width, err := workingSize("style", style, min(j.height, j.width))
	if err != nil {
		return err
	}
	color := measure.ColorDistance(j.picture, measure.FromImage(picture.Resize(style, width, height)))
	v.Color = &color
	if original.grams == nil {
		return nil
	}
	target, err := j.look(ctx, "style", tensor(style, height, width, j.model.Info()), false)
	if err != nil {
		return err
	}
	var distances [2]float64
	for i := range distances {
		distances[i] = measure.StyleDistance(j.own.grams[i], original.grams[i], target.grams[i])
	}
	v.Style9, v.Style12 = &distances[0], &distances[1]
	return nil
}
