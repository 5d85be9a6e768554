package zellige

import (
	"context"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"zellige/internal/shorttest"
	"zellige/optimize"
	"zellige/picture"
)

// halves are two masks of a picture, one white on the left with a soft edge, the
// other its complement.
func halves(width, height int) (left, right image.Image) {
	l, r := image.NewGray(image.Rect(0, 0, width, height)), image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			v := max(0, min(255, 128+8*(width/2-x)))
			l.SetGray(x, y, color.Gray{uint8(v)})
			r.SetGray(x, y, color.Gray{uint8(255 - v)})
		}
	}
	return l, r
}

// maskedPictures are a photograph with a style on either half.
func maskedPictures(t *testing.T) Pictures {
	t.Helper()
	var pictures []image.Image
	for _, name := range []string{"lion.png", "starry-night.jpg", "great-wave.png"} {
		img, err := picture.Read("testdata/pictures/" + name)
		if err != nil {
			t.Fatal(err)
		}
		pictures = append(pictures, img)
	}
	size := pictures[0].Bounds().Size()
	left, right := halves(size.X, size.Y)
	return Pictures{Content: pictures[0], Styles: []Style{{pictures[1], 1, left}, {pictures[2], 1, right}}}
}

// TestMaskedGradientByFiniteDifferences checks the whole objective with regions at
// the two sizes of a run, along the gradient and random directions.
func TestMaskedGradientByFiniteDifferences(t *testing.T) {
	shorttest.Skip(t)
	network := openNetwork(t)
	o, err := Preset("gram")
	if err != nil {
		t.Fatal(err)
	}
	o.Schedule = optimize.Lab() // whose late iterations are not bounded
	o.ImageSize, o.Scales, o.Iterations = 96, 2, 2
	checked := 0
	o.Progress = func(s Step) {
		checked++
		p, start := s.loop, slices.Clone(s.loop.pixels)
		gradient := slices.Clone(p.gradient)
		random := rand.New(rand.NewPCG(5, uint64(s.Iteration)))
		for trial := range 4 {
			direction := make([]float32, len(start))
			for i := range direction {
				direction[i] = gradient[i]/norm(gradient) + float32(trial)*float32(random.NormFloat64())/float32(math.Sqrt(float64(len(start))))
			}
			const step = 0.01
			at := func(h float32) float64 {
				for i := range start {
					p.pixels[i] = start[i] + h*direction[i]
				}
				if err := p.evaluate(context.Background(), 1000); err != nil {
					t.Fatal(err)
				}
				return p.values.Total()
			}
			slope := (at(step) - at(-step)) / (2 * step)
			want := 0.0
			for i := range gradient {
				want += float64(gradient[i]) * float64(direction[i])
			}
			if math.Abs(slope-want) > 0.01*math.Abs(want) {
				t.Errorf("height %d, direction %d: slope %g, by the gradient %g", p.height, trial, slope, want)
			}
		}
		copy(p.pixels, start)
	}
	if _, err := Transfer(context.Background(), network, maskedPictures(t), o); err != nil {
		t.Fatal(err)
	}
	if checked != 2 {
		t.Errorf("%d sizes, want 2", checked)
	}
}
