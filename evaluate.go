package zellige

import (
	"context"
	"errors"
	"fmt"
	"image"

	"zellige/losses"
	"zellige/runtime"
)

// Evaluate returns the losses of any picture under an objective, at the working
// sizes of the options and without bounding its pixels. Content or style may be
// nil; their terms are then left out. The picture must have the shape of the
// content. Errors: *[OptionError], *[PictureError], or what the model reports.
func Evaluate(ctx context.Context, m Model, img, content, style image.Image, o Options) (losses.Values, error) {
	shape := img
	if content != nil {
		shape = content
	}
	j, err := newJob(m, Pictures{Content: content, Style: style}, shape.Bounds().Size(), o)
	if err != nil {
		return losses.Values{}, err
	}
	if err := checkEvaluated(img, content, o.ImageSize); err != nil {
		return losses.Values{}, err
	}
	w, err := j.work(o.finest())
	if err != nil {
		return losses.Values{}, err
	}
	objective, err := targets(ctx, m, &j.options, w)
	if err != nil {
		return losses.Values{}, err
	}
	values, places := emptyValues(&j.options.Objective, objective)
	if content == nil {
		values.Content = nil
	}
	if style == nil {
		values.Style = nil
	}
	pixels := tensor(img, w.height, w.width, m.Info()).Pixels
	unused := make([]float32, len(pixels))
	values.TV = losses.NewTotalVariation(o.Objective.WeighTV(len(pixels)), w.height, w.width).AddGradient(unused, pixels)
	network, err := prepare(m, objective, pixels, nil)
	if err != nil {
		return values, err
	}
	err = evaluateNetwork(ctx, network, values, places)
	return values, errors.Join(err, network.Close())
}

// checkEvaluated checks the image and that it has the shape of the content, if
// there is one; the two may have been rounded from different sizes.
func checkEvaluated(img, content image.Image, size int) error {
	imgHeight, imgWidth, err := workingSize("image", img, size)
	if err != nil || content == nil {
		return err
	}
	height, width, err := workingSize("content", content, size)
	if err == nil && !sameShape(img, height, width) {
		err = &PictureError{"content", fmt.Sprintf("is %dx%d at image size %d, but the image is %dx%d; they must have the same shape",
			width, height, size, imgWidth, imgHeight)}
	}
	return err
}

// emptyValues makes room for the losses of an objective: terms of weight 0 are
// there and stay 0, and places says where each of the network's style losses goes.
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
