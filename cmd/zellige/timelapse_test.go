package main

import (
	"image"
	"image/color"
	"image/gif"
	"os"
	"path/filepath"
	"testing"

	"zellige"
)

// framesOf counts the frames of a run without painting.
func framesOf(iterations int, img image.Image) *timelapse {
	l := &timelapse{path: "x.gif"}
	for t := range iterations {
		if t >= l.at {
			l.keep(img)
			l.at = l.next(t, iterations)
		}
	}
	l.keep(img)
	return l
}

func TestTimelapseIsBounded(t *testing.T) {
	small := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for iterations, want := range map[int]int{1: 2, 10: 11, 47: 48, 200: maxFrames, 100_000: maxFrames} {
		if got := len(framesOf(iterations, small).frames); got > maxFrames || got > want {
			t.Errorf("%d iterations: %d frames, at most %d", iterations, got, want)
		}
	}
	large := framesOf(1, image.NewNRGBA(image.Rect(0, 0, 3000, 20)))
	if got := large.frames[0].Bounds(); got.Dx() != maxFrameSide || got.Dy() != 3 {
		t.Errorf("a frame is %v", got)
	}
}

func TestTimelapseBeginsWithEachIteration(t *testing.T) {
	l := &timelapse{}
	var at []int
	for i := range 200 {
		if i >= l.at {
			at = append(at, i)
			l.frames = append(l.frames, nil)
			l.at = l.next(i, 200)
		}
	}
	if at[0] != 0 || at[1] != 1 || at[2] != 2 || at[len(at)-1] < 185 {
		t.Errorf("frames at %v", at)
	}
}

func TestTimelapseIsNotThereUnlessAskedFor(t *testing.T) {
	l, err := newTimelapse("")
	if err != nil {
		t.Fatal(err)
	}
	l.step(zellige.Step{})
	l.keep(image.NewNRGBA(image.Rect(0, 0, 1, 1)))
	if err := l.write(); err != nil {
		t.Error(err)
	}
}

func TestPalettedKeepsColours(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 16, 16))
	for i := range 256 {
		img.SetNRGBA(i%16, i/16, color.NRGBA{200, 60, 20, 255})
	}
	p := paletted([]image.Image{img})[0]
	var sum [3]int
	for i := range 256 {
		r, g, b, _ := p.At(i%16, i/16).RGBA()
		sum[0], sum[1], sum[2] = sum[0]+int(r>>8), sum[1]+int(g>>8), sum[2]+int(b>>8)
	}
	for c, want := range [3]int{200, 60, 20} {
		if mean := sum[c] / 256; mean < want-12 || mean > want+12 {
			t.Errorf("channel %d is %d on average, want %d", c, mean, want)
		}
	}
}

// TestTimelapseOfScales: coarse scales are shown as large as the result.
func TestTimelapseOfScales(t *testing.T) {
	l := &timelapse{path: filepath.Join(t.TempDir(), "x.gif")}
	for _, size := range []image.Point{{5, 4}, {21, 15}, {20, 15}} {
		l.keep(image.NewNRGBA(image.Rectangle{Max: size}))
	}
	if err := l.write(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(l.path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	animation, err := gif.DecodeAll(f)
	if err != nil {
		t.Fatal(err)
	}
	for i, frame := range animation.Image {
		if frame.Bounds().Size() != image.Pt(20, 15) {
			t.Errorf("frame %d is %v", i, frame.Bounds())
		}
	}
}
