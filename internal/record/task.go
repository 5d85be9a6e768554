package record

import (
	"context"
	"slices"

	"zellige"
	"zellige/runtime"
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

// Plan is how the task is painted from its pictures. The errors are those of
// [zellige.PlanTransfer].
func (t *Task) Plan(network *runtime.Info, p zellige.Pictures) (*zellige.Plan, error) {
	switch t.Command {
	case Invert:
		return zellige.PlanInversion(network, p, t.Options)
	case Synthesize:
		return zellige.PlanTexture(network, p.Styles, t.Options)
	}
	return zellige.PlanTransfer(network, p, t.Options)
}

// Paint plans the task and paints it.
func (t *Task) Paint(ctx context.Context, m zellige.Model, pictures zellige.Pictures) (*zellige.Result, error) {
	p, err := t.Plan(m.Info(), pictures)
	if err != nil {
		return nil, err
	}
	return p.Paint(ctx, m)
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
