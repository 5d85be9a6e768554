package zellige

import (
	"context"
	"image"

	"zellige/match"
	"zellige/picture"
)

// finish makes the picture of the pixels of a stage.
type finish struct {
	plan  *Plan
	stage *Stage
	scene *scene // of the last stage, whose pixels get colours and marks; nil of others
}

// colored gives pixels, [3][H][W], their last colours, as a matching loss does not keep those of the styles.
func (f *finish) colored(pixels []float32) []float32 {
	if f.scene == nil || !f.plan.Options.Objective.Matches() {
		return pixels
	}
	return f.scene.recolored(pixels, f.plan.Options.Recolor)
}

// marked gives pixels, [3][H][W], their last colours, and marks unless the context ends.
func (f *finish) marked(ctx context.Context, pixels []float32) []float32 {
	o := &f.plan.Options
	if f.scene == nil || ctx.Err() != nil || o.Coherence+o.Brushwork == 0 {
		return f.colored(pixels)
	}
	marked := f.colored(f.scene.drawn(ctx, pixels, o.Coherence))
	marked = f.scene.brushed(ctx, marked, match.Turns(o.Objective.Match.Rotations), o.Brushwork)
	if ctx.Err() != nil {
		return f.colored(pixels)
	}
	return marked
}

// image brings the pixels back to a picture, which then gets the size that was asked
// for, then the content's colours, then the opacity: the other two steps would drop it.
func (f *finish) image(pixels []float32) image.Image {
	painted := f.levels(pixels)
	if f.stage.Result != painted.Bounds().Size() {
		painted = picture.Resize(painted, f.stage.Result.X, f.stage.Result.Y)
	}
	if kept := f.plan.kept(); kept != nil {
		painted = picture.KeepColors(painted, kept)
	}
	if opacity := f.plan.opacity(); opacity != nil {
		painted = picture.WithAlpha(painted, opacity)
	}
	return painted
}

// levels brings the pixels to the levels of the depth that was asked for.
func (f *finish) levels(pixels []float32) image.Image {
	if f.plan.Options.Depth == 16 {
		return picture.FromTensor16(pixels, f.stage.Width, f.stage.Height, f.plan.Info.Mean, f.plan.Info.Std, f.plan.Options.Range)
	}
	return picture.FromTensor(pixels, f.stage.Width, f.stage.Height, f.plan.Info.Mean, f.plan.Info.Std, f.plan.Options.Range)
}

// kept is the picture whose colours the result keeps; nil if absent.
func (p *Plan) kept() image.Image {
	if p.Options.KeepColors == KeepLuma {
		return p.Pictures.Content
	}
	return nil
}

// opacity is the one that the result gets; nil if it is opaque.
func (p *Plan) opacity() *image.Alpha16 {
	if p.Options.KeepAlpha {
		return p.Pictures.Alpha
	}
	return nil
}
