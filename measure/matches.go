package measure

import (
	"context"
	"image"
	"math"
	"slices"

	"zellige/match"
	"zellige/runtime"
)

// matchedLayers are those whose features are looked for in the style. No term of a
// matching loss reads them: they judge.
var matchedLayers = []int{5, 11}

// features are those of a picture at a layer.
type features struct {
	runtime.Matrix
	height, width int
}

// compareMatches measures what compares the features of one place with those of all
// others.
func (c *comparison) compareMatches(ctx context.Context, v *Values) error {
	if c.content == nil && c.style == nil {
		return nil
	}
	own, err := c.matched(ctx, c.image)
	if err != nil {
		return err
	}
	if c.content != nil {
		if v.Structure11, err = c.structure(ctx, own[11]); err != nil {
			return err
		}
	}
	if c.style == nil {
		return nil
	}
	style, err := c.matched(ctx, c.style)
	if err != nil {
		return err
	}
	if v.Nearest5, err = nearest(ctx, c.network, own[5], style[5]); err != nil {
		return err
	}
	v.Nearest11, err = nearest(ctx, c.network, own[11], style[11])
	return err
}

// structure is the distance from the content.
func (c *comparison) structure(ctx context.Context, own features) (*float64, error) {
	content, err := c.matched(ctx, c.content)
	if original := content[11]; err == nil && own.usable() && original.usable() {
		d, err := StructureDistance(ctx, c.network, own.Values, original.Values, own.Channels, own.height, own.width)
		return number(d), err
	}
	return nil, err
}

// nearest is the distance from the style. It overwrites the features.
func nearest(ctx context.Context, m match.Matcher, own, style features) (*float64, error) {
	if !own.usable() || !style.usable() {
		return nil, nil
	}
	d, err := NearestDistance(ctx, m, own.Matrix, style.Matrix)
	return number(d), err
}

// usable features are there, and no hostile network made them.
func (f features) usable() bool {
	const most = math.MaxFloat32 / 4 // differences do not overflow
	return len(f.Values) > 0 && !slices.ContainsFunc(f.Values, func(v float32) bool { return !(-most < v && v < most) })
}

// matched are a picture's features, by layer, at those that there are in it.
func (c *comparison) matched(ctx context.Context, img image.Image) (map[int]features, error) {
	info, size := c.network.Info(), img.Bounds().Size()
	var layers []int
	for _, l := range matchedLayers {
		if info.CheckLayer(l, size.Y, size.X) == nil {
			layers = append(layers, l)
		}
	}
	if len(layers) == 0 {
		return nil, nil
	}
	e, err := c.extract(ctx, img, layers, nil)
	if err != nil {
		return nil, err
	}
	found := map[int]features{}
	for i, l := range layers {
		h, w := info.FeatureSize(l, size.Y, size.X)
		found[l] = features{runtime.Matrix{Channels: info.Layers[l].Channels, Positions: h * w, Values: e.Features[i]}, h, w}
	}
	return found, nil
}
