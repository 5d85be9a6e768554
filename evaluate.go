package zellige

import (
	"context"
	"errors"
	"fmt"
	"image"

	"zellige/losses"
	"zellige/picture"
	"zellige/runtime"
)

// Evaluate returns the losses of any picture under an objective, at the working
// sizes of the options and without bounding its pixels. Content or style may be
// nil; their terms are then left out. The picture must have the shape of the
// content. Errors: *[OptionError], *[PictureError], or what the model reports.
func Evaluate(ctx context.Context, m Model, img, content, style image.Image, o Options) (losses.Values, error) {
	if err := o.Check(len(m.Info().Layers)); err != nil {
		return losses.Values{}, err
	}
	height, width, err := evaluationSize(img, content, o.ImageSize)
	if err != nil {
		return losses.Values{}, err
	}
	if content != nil {
		content = picture.Resize(content, width, height)
	}
	styleTensor, err := styleTensor(m.Info(), style, o.StyleSize)
	if err != nil {
		return losses.Values{}, err
	}
	objective, err := targets(ctx, m, &o, content, styleTensor, height, width)
	if err != nil {
		return losses.Values{}, err
	}
	values, places := emptyValues(&o.Objective, objective)
	if content == nil {
		values.Content = nil
	}
	if style == nil {
		values.Style = nil
	}
	pixels := tensor(img, height, width, m.Info()).Pixels
	values.TV = losses.NewTotalVariation(o.Objective.TVWeight, height, width).AddGradient(nil, pixels)
	network, err := prepare(m, objective, pixels, nil)
	if err != nil || network == nil {
		return values, err
	}
	err = evaluateNetwork(ctx, network, values, places)
	return values, errors.Join(err, network.Close())
}

// evaluationSize is the working size of the content, or of the image if there is
// no content. The two must have the same shape; they may have been rounded from
// different sizes.
func evaluationSize(img, content image.Image, size int) (height, width int, err error) {
	height, width, err = workingSize("image", img, size)
	if err != nil || content == nil {
		return height, width, err
	}
	imgHeight, imgWidth := height, width
	height, width, err = workingSize("content", content, size)
	if err == nil && !sameShape(img, height, width) {
		err = &PictureError{"content", fmt.Sprintf("is %dx%d at image size %d, but the image is %dx%d; they must have the same shape",
			width, height, size, imgWidth, imgHeight)}
	}
	return height, width, err
}

// emptyValues makes room for the losses of an objective: terms of weight 0 are
// there and stay 0, and places says where each of the network's style losses goes.
func emptyValues(o *losses.Objective, network runtime.Objective) (v losses.Values, places []int) {
	v.Content = []losses.LayerValue{{Layer: o.Content.Layer}}
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

// evaluateNetwork writes the network's losses into v.
func evaluateNetwork(ctx context.Context, network runtime.Evaluator, v losses.Values, places []int) error {
	l, err := network.Evaluate(ctx)
	if err != nil {
		return err
	}
	for i, x := range l.Content {
		v.Content[i].Value = float64(x)
	}
	for i, x := range l.Style {
		v.Style[places[i]].Value = float64(x)
	}
	return nil
}
