package zellige

import (
	"errors"
	"image"
	"slices"
	"time"

	"zellige/losses"
	"zellige/optimize"
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
	f, pixels := s.loop.finish, slices.Clone(s.loop.result())
	return func() image.Image { return f.image(f.colored(pixels)) }
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

// result is the picture as it would be written, [3][height][width].
func (l *loop) result() []float32 {
	if l.average != nil {
		return l.average.Pixels()
	}
	return l.pixels
}
