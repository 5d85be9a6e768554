package record

import (
	"context"
	"slices"

	"zellige"
)

// Task is one picture to paint.
type Task struct {
	Command string // Transfer, Invert or Synthesize
	Preset  string // that Options began with
	Options zellige.Options
	Sources Sources
	Blend   []float64 // weights of the styles, one each; nil for equal ones
	// KeepsEXIF says that the picture carries the content's EXIF data. Runs of an
	// experiment do not, so that nobody shows with a report where a photograph was taken.
	KeepsEXIF bool
}

// Paint does what the command asks with the task's pictures.
func (t *Task) Paint(ctx context.Context, m zellige.Model, p zellige.Pictures) (*zellige.Result, error) {
	switch t.Command {
	case Invert:
		return zellige.Invert(ctx, m, p, t.Options)
	case Synthesize:
		return zellige.Synthesize(ctx, m, p.Styles, t.Options)
	}
	return zellige.Transfer(ctx, m, p, t.Options)
}

// shares are the weights of the styles; nil if they are equal, however they are
// written, so that they are the same recipe.
func (t *Task) shares() []float64 {
	differs := func(w float64) bool { return w != t.Blend[0] }
	if !slices.ContainsFunc(t.Blend, differs) {
		return nil
	}
	return t.Blend
}
