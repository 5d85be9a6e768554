package zellige

import (
	"errors"
	"image"
	"time"

	"zellige/losses"
	"zellige/optimize"
	"zellige/picture"
	"zellige/runtime"
)

// Step is what the loop reports after each evaluation, before it moves the
// pixels. It is valid during the call of Options.Progress only.
type Step struct {
	Iteration  int           // from 0
	Iterations int           // in all
	Losses     losses.Values // of the picture as it is; Clone to keep
	Elapsed    time.Duration // since painting began in this process

	painter *painter
}

// Image returns a copy of the picture as it is, at the size of the result.
func (s Step) Image() image.Image { return s.painter.image() }

// State returns all that is needed to go on from before this step's move. Its
// slices are the loop's own and change after the call.
func (s Step) State() State {
	state := State{Iteration: s.Iteration, Pixels: s.painter.pixels, Optimizer: s.painter.optimizer.State()}
	if s.painter.average != nil {
		state.Average = s.painter.average.Pixels()
	}
	return state
}

// State is a run between two iterations.
type State struct {
	Iteration int       // the next one to do
	Pixels    []float32 // [3][H][W], normalised, at the scale of the iteration
	Average   []float32 // of the pixels so far, of the same shape; nil for none
	Optimizer optimize.State
}

// restore goes on from a state of this stage.
func (p *painter) restore(s *State) error {
	if p.average != nil {
		if len(s.Average) != len(p.pixels) {
			return errors.New("the state to resume from has no average of a picture of this size")
		}
		copy(p.average.Pixels(), s.Average)
	}
	return p.optimizer.Restore(s.Optimizer)
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
// for, the content's colours and last, as nothing else lets it pass, its opacity.
func (p *painter) image() image.Image {
	painted := p.painted()
	if p.size != painted.Bounds().Size() {
		painted = picture.Resize(painted, p.size.X, p.size.Y)
	}
	if p.colors != nil {
		painted = picture.KeepColors(painted, p.colors)
	}
	if p.alpha != nil {
		painted = picture.WithAlpha(painted, p.alpha)
	}
	return painted
}

// painted rounds the pixels to the levels of the depth that was asked for.
func (p *painter) painted() image.Image {
	if p.options.Depth == 16 {
		return picture.FromTensor16(p.result(), p.width, p.height, p.info.Mean, p.info.Std, p.options.Range)
	}
	return picture.FromTensor(p.result(), p.width, p.height, p.info.Mean, p.info.Std, p.options.Range)
}

// tensor resizes a picture and normalises it.
func tensor(img image.Image, height, width int, info *runtime.Info) runtime.Image {
	return normalised(picture.Resize(img, width, height), info)
}

// normalised is a resized picture as the network reads it.
func normalised(resized image.Image, info *runtime.Info) runtime.Image {
	size := resized.Bounds().Size()
	return runtime.Image{Height: size.Y, Width: size.X, Pixels: picture.ToTensor(resized, info.Mean, info.Std)}
}

// source makes parts of a resized picture as the network reads them, so that the
// whole, which is three times as large, is never held.
func source(resized image.Image, info *runtime.Info) runtime.Source {
	return func(part runtime.Image, top, left int) {
		r := image.Rect(left, top, left+part.Width, top+part.Height)
		picture.PartToTensor(part.Pixels, resized, r, info.Mean, info.Std)
	}
}
