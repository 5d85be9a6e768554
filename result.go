package zellige

import (
	"errors"
	"image"
	"slices"
	"time"

	"zellige/losses"
	"zellige/optimize"
	"zellige/picture"
)

// Step is what the loop reports after each evaluation, before it moves the
// pixels. It is valid during the call of Options.Progress only.
type Step struct {
	Iteration  int           // from 0
	Iterations int           // in all
	Losses     losses.Values // of the picture as it is; Clone to keep
	Elapsed    time.Duration // since painting began in this process
	Plan       *Plan         // that is followed
	Stage      int           // its index in Plan.Stages

	loop *loop
}

// Image returns a copy of the picture as it is, at the size of the result. Its marks are not
// drawn out and are not the paintings', which would take a part of the time of painting.
func (s Step) Image() image.Image { return s.Snapshot()() }

// Snapshot copies the pixels and returns what makes Image of them, at any time and on any goroutine.
func (s Step) Snapshot() func() image.Image {
	l, pixels := s.loop, slices.Clone(s.loop.result())
	return func() image.Image { return l.image(l.color(pixels)) }
}

// State returns all that is needed to go on from before this step's move. Its
// slices are the loop's own and change after the call.
func (s Step) State() State {
	state := State{Iteration: s.Iteration, Pixels: s.loop.pixels, Matched: s.loop.matched, Optimizer: s.loop.optimizer.State()}
	if s.loop.average != nil {
		state.Average = s.loop.average.Pixels()
	}
	return state
}

// State is a run between two iterations.
type State struct {
	Iteration int       // the next one to do
	Pixels    []float32 // [3][H][W], normalised, at the scale of the iteration
	Average   []float32 // of the pixels so far, of the same shape; nil if absent
	Matched   []float32 // pixels that the targets were found for, of the same shape; nil without a matching loss
	Optimizer optimize.State
}

// restore goes on from a state of this stage.
func (l *loop) restore(s *State) error {
	if l.average != nil {
		if len(s.Average) != len(l.pixels) {
			return errors.New("the state to resume from has no average of a picture of this size")
		}
		copy(l.average.Pixels(), s.Average)
	}
	return l.optimizer.Restore(s.Optimizer)
}

// Result is a painted picture.
type Result struct {
	Image      image.Image // of Options.Size; *image.NRGBA or, of depth 16, *image.NRGBA64
	Pixels     []float32   // what it was made of, [3][H][W], normalised and unclipped
	Height     int
	Width      int
	Iterations int           // that were done
	First      losses.Values // of the first evaluation
	Last       losses.Values // of the last one, before the last step moved the pixels; with L-BFGS, of the picture unless it is an average
	Elapsed    time.Duration
}

// image brings the pixels back to a picture, which then gets the size that was asked
// for, then the content's colours, then the opacity: the other two steps would drop it.
func (l *loop) image(pixels []float32) image.Image {
	painted := l.painted(pixels)
	if l.stage.Result != painted.Bounds().Size() {
		painted = picture.Resize(painted, l.stage.Result.X, l.stage.Result.Y)
	}
	if kept := l.plan.kept(); kept != nil {
		painted = picture.KeepColors(painted, kept)
	}
	if opacity := l.plan.opacity(); opacity != nil {
		painted = picture.WithAlpha(painted, opacity)
	}
	return painted
}

// painted brings the pixels to the levels of the depth that was asked for.
func (l *loop) painted(pixels []float32) image.Image {
	if l.plan.Options.Depth == 16 {
		return picture.FromTensor16(pixels, l.width, l.height, l.plan.Info.Mean, l.plan.Info.Std, l.plan.Options.Range)
	}
	return picture.FromTensor(pixels, l.width, l.height, l.plan.Info.Mean, l.plan.Info.Std, l.plan.Options.Range)
}

// result is the picture as it would be written, [3][height][width].
func (l *loop) result() []float32 {
	if l.average != nil {
		return l.average.Pixels()
	}
	return l.pixels
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
