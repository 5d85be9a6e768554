package zellige

import (
	"context"

	"zellige/picture"
)

// How marks are drawn out; see [picture.Coherent].
var (
	scaleMarks = picture.Marks{Length: 2, Around: 4}                               // before a scale is enlarged
	fineMarks  = picture.Marks{Length: 2, Around: 2}                               // of the result
	broadMarks = [2]picture.Marks{{Length: 4, Around: 4}, {Length: 6, Around: 10}} // and then where the content has no detail
)

// coherent draws the marks of a picture of any size out, [3][height*width], where styles are painted.
func (c *scene) coherent(ctx context.Context, pixels []float32, height, width int, amount float64) []float32 {
	if amount == 0 {
		return pixels
	}
	return picture.Mixed(pixels, picture.Coherent(ctx, pixels, height, width, scaleMarks), covered(c.masks(height, width), height*width), amount)
}

// drawn draws the marks of the result out, [3][H][W]: twice, and then to broad ones and to long ones that run
// side by side where the content has no detail, so that faces are of fine strokes and the sky is of large ones.
func (c *scene) drawn(ctx context.Context, pixels []float32, amount float64) []float32 {
	if amount == 0 {
		return pixels
	}
	shares := covered(c.masks(c.height, c.width), c.height*c.width)
	for range 2 {
		pixels = picture.Mixed(pixels, picture.Coherent(ctx, pixels, c.height, c.width, fineMarks), shares, amount)
	}
	if c.content == nil {
		return pixels
	}
	for i, v := range c.detail() {
		shares[i] *= 1 - v
	}
	for _, marks := range broadMarks {
		pixels = picture.Mixed(pixels, picture.Coherent(ctx, pixels, c.height, c.width, marks), shares, amount)
	}
	return pixels
}

// brushed gives the result, [3][H][W], the styles' own finest marks where they are painted. Its own stay where
// the content has detail and the styles have nothing as strong, as in faces.
func (c *scene) brushed(ctx context.Context, pixels []float32, turns int, amount float64) []float32 {
	if amount == 0 {
		return pixels
	}
	masks := c.masks(c.height, c.width)
	paintings := make([]picture.Painting, len(c.styles))
	for k, s := range c.styles {
		paintings[k] = picture.Painting{Pixels: s.Pixels, Height: s.Height, Width: s.Width, Mask: masks[k]}
	}
	marked := picture.Brushwork(ctx, pixels, c.height, c.width, paintings, turns, c.detail())
	return picture.Mixed(pixels, marked, covered(masks, c.height*c.width), amount)
}
