package main

import (
	"fmt"
	"image"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"io"
	"path/filepath"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/file"
	"zellige/picture"
)

// What bounds the memory and the size of a time lapse.
const (
	maxFrames    = 48
	maxFrameSide = 512 // longer side, in pixels
)

// How long frames are shown, in hundredths of a second.
const (
	frameDelay = 8
	lastDelay  = 250
)

func (v *resultFlags) timelapseFlag() cli.Flag {
	return &cli.StringFlag{Category: resultCategory, Name: "timelapse", Destination: &v.timelapse,
		Usage: fmt.Sprintf("also write a GIF of at most %d frames to `FILE`", maxFrames)}
}

// timelapse keeps pictures on the way to a result. Most are from the beginning,
// where most happens. One that is nil keeps nothing.
type timelapse struct {
	path   string
	frames []image.Image
	at     int // iteration of the next frame
}

// newTimelapse refuses what could not be written after the work; "" is none.
func newTimelapse(path string) (*timelapse, error) {
	if path == "" {
		return nil, nil
	}
	if ending := filepath.Ext(path); !strings.EqualFold(ending, ".gif") {
		return nil, &usageError{fmt.Sprintf("--timelapse %q: the ending is %q, must be .gif", path, ending), ""}
	}
	if err := file.CheckFolder(filepath.Dir(path)); err != nil {
		return nil, &usageError{fmt.Sprintf("--timelapse %q: %v", path, err), ""}
	}
	return &timelapse{path: path}, nil
}

func (l *timelapse) step(s zellige.Step) {
	if l == nil || s.Iteration < l.at {
		return
	}
	l.keep(s.Image())
	l.at = l.next(s.Iteration, s.Iterations)
}

// next spreads frames quadratically over the iterations; the result is the last
// frame.
func (l *timelapse) next(iteration, iterations int) int {
	const steps = maxFrames - 1
	frame := len(l.frames)
	return max(iteration+1, iterations*frame*frame/(steps*steps))
}

func (l *timelapse) keep(img image.Image) {
	if l == nil {
		return
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > maxFrameSide {
		w, h = max(1, w*maxFrameSide/long), max(1, h*maxFrameSide/long)
	}
	l.frames = append(l.frames, picture.Resize(img, w, h)) // opaque as well
}

// write writes the animation, if there is anything to show. The file is complete
// or not there.
func (l *timelapse) write() error {
	if l == nil || len(l.frames) == 0 {
		return nil
	}
	size := l.frames[len(l.frames)-1].Bounds().Size()
	for i, f := range l.frames {
		l.frames[i] = picture.Resize(f, size.X, size.Y) // a scale may round its sides otherwise
	}
	animation := &gif.GIF{Image: paletted(l.frames), Delay: make([]int, len(l.frames))}
	for i := range animation.Delay {
		animation.Delay[i] = frameDelay
	}
	animation.Delay[len(l.frames)-1] = lastDelay
	return file.Replace(l.path, func(w io.Writer) error { return gif.EncodeAll(w, animation) })
}

// paletted brings frames to the 256 colours of a GIF, one goroutine each.
func paletted(frames []image.Image) []*image.Paletted {
	all := make([]*image.Paletted, len(frames))
	var wg sync.WaitGroup
	for i, f := range frames {
		wg.Go(func() {
			all[i] = image.NewPaletted(f.Bounds(), palette.Plan9)
			draw.FloydSteinberg.Draw(all[i], f.Bounds(), f, f.Bounds().Min)
		})
	}
	wg.Wait()
	return all
}
