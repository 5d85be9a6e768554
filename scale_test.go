package zellige

import (
	"context"
	"errors"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"zellige/losses"
	"zellige/optimize"
	"zellige/picture"
)

func TestScales(t *testing.T) {
	o := lab()
	if got := o.scales(); !slices.Equal(got, []Scale{{Size: 192, StyleSize: 576, First: 0, End: 200}}) {
		t.Errorf("lab: %+v", got)
	}
	o.ImageSize, o.StyleSize, o.StyleScale, o.Scales, o.Iterations = 512, 0, 0.5, 3, 100
	want := []Scale{{Size: 256, StyleSize: 128, First: 0, End: 33}, {Size: 362, StyleSize: 181, First: 33, End: 66}, {Size: 512, StyleSize: 256, First: 66, End: 100}}
	if got := o.scales(); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestScalesBeginAtOneSize(t *testing.T) {
	tests := []struct {
		image, style, iterations int
		factor                   float64
		scales, first            int // how many, and the size of the first
	}{
		{512, 0, 100, 1, 5, 128},
		{1024, 0, 100, 1, 7, 128},
		{1023, 0, 100, 1, 6, 181},
		{256, 0, 100, 1, 3, 128},
		{255, 0, 100, 1, 2, 180},
		{100, 0, 100, 1, 1, 100},
		{8, 0, 100, 1, 1, 8},
		{512, 256, 100, 1, 3, 256},
		{512, 0, 100, 0.25, 1, 512},
		{1024, 0, 2, 1, 2, 724},
	}
	for _, tt := range tests {
		o := Options{ImageSize: tt.image, StyleSize: tt.style, StyleScale: tt.factor, Iterations: tt.iterations}
		scales := o.scales()
		if len(scales) != tt.scales || scales[0].Size != tt.first || scales[len(scales)-1].Size != tt.image {
			t.Errorf("%d pixels, style %d times %g: %+v", tt.image, tt.style, tt.factor, scales)
		}
	}
}

// fineFake are options like those of fine that fit the fake model.
func fineFake() Options {
	o := fakeOptions()
	o.Objective = losses.Objective{Content: losses.Content{Layer: 0, Weight: 1},
		Style: losses.Style{Layers: []int{0}, Weights: []float64{1}}, TVWeight: 0.01, Relative: true}
	o.Schedule = optimize.Gram()
	o.Scales, o.Iterations, o.StyleSize = 3, 30, 0
	return o
}

func TestScalesPaintCoarseToFine(t *testing.T) {
	o := fineFake()
	var heights []int
	o.Progress = func(s Step) {
		if h := s.loop.height; len(heights) == 0 || heights[len(heights)-1] != h {
			heights = append(heights, h)
		}
		if s.Iterations != 30 {
			t.Errorf("%d iterations in all", s.Iterations)
		}
	}
	m := &fakeModel{}
	r := transferFake(t, m, o)
	if !slices.Equal(heights, []int{8, 11, 16}) || r.Height != 16 || r.Iterations != 30 || m.closed != 3 {
		t.Errorf("heights %v, result %d, %d iterations, %d closed", heights, r.Height, r.Iterations, m.closed)
	}
}

func TestResumeInEveryScale(t *testing.T) {
	o := fineFake()
	var states []State
	o.Progress = func(s Step) {
		states = append(states, cloneState(s.State()))
	}
	whole := transferFake(t, &fakeModel{}, o)
	o.Progress = nil
	for _, i := range []int{0, 9, 10, 15, 20, 29} {
		o.Resume = &states[i]
		if resumed := transferFake(t, &fakeModel{}, o); !slices.Equal(resumed.Pixels, whole.Pixels) {
			t.Errorf("resumed at iteration %d: another picture", i)
		}
	}
}

func transferStyles(t *testing.T, o Options, styles ...Style) *Result {
	t.Helper()
	p := fakePictures()
	p.Style, p.Styles = nil, styles
	r, err := Transfer(context.Background(), &fakeModel{}, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBlend(t *testing.T) {
	for name, o := range map[string]Options{"lab": fakeOptions(), "fine": fineFake()} {
		a, b := gradientPicture(40, 40, 220), gradientPicture(30, 30, 10)
		alone := transferFake(t, &fakeModel{}, o).Pixels
		if got := transferStyles(t, o, Style{Image: a, Weight: 7}); !slices.Equal(got.Pixels, alone) {
			t.Errorf("%s: one style with a weight is not the style alone", name)
		}
		if got := transferStyles(t, o, Style{Image: a, Weight: 2}, Style{Image: b}); !slices.Equal(got.Pixels, alone) {
			t.Errorf("%s: a style of weight 0 counts", name)
		}
		if got := transferStyles(t, o, Style{Image: a, Weight: 1}, Style{Image: b, Weight: 1}); slices.Equal(got.Pixels, alone) {
			t.Errorf("%s: the second style does not count", name)
		}
	}
}

func TestStrengthIsMonotone(t *testing.T) {
	o := fineFake()
	o.Scales, o.Iterations, o.Recolor, o.Objective.TVWeight = 1, 150, 0, 0
	lastContent, lastStyle := -1.0, math.Inf(1)
	for _, strength := range []float64{0, 0.1, 0.3, 0.5, 0.7, 0.9, 1} {
		o.Strength = strength
		r := transferFake(t, &fakeModel{}, o)
		evaluated := o
		evaluated.Strength, evaluated.Range = 0.5, 0
		p := fakePictures()
		v, err := Evaluate(context.Background(), &fakeModel{}, r.Image, p.Content, p.Style, evaluated)
		if err != nil {
			t.Fatal(err)
		}
		content, style := v.Content[0].Value, v.Style[0].Value
		if content < lastContent-1e-3 || style > lastStyle+1e-3 {
			t.Errorf("strength %g: content loss %g after %g, style loss %g after %g", strength, content, lastContent, style, lastStyle)
		}
		lastContent, lastStyle = content, style
	}
}

func TestSynthesize(t *testing.T) {
	o := fineFake()
	o.Iterations, o.Size = 120, Size{33, 17}
	r, err := Synthesize(context.Background(), &fakeModel{}, []Style{{Image: gradientPicture(40, 40, 220), Weight: 1}}, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Width != 33 || r.Height != 17 || r.Last.Style[0].Value > r.First.Style[0].Value || r.Last.Content != nil {
		t.Errorf("%dx%d, %+v to %+v", r.Width, r.Height, r.First, r.Last)
	}
	for _, size := range []Size{{0, 10}, {10, MaxSize + 1}, {8, 8 * (picture.MaxAspect + 1)}, {4, 0}} {
		o.Size = size
		var refused *OptionError
		if _, err := Synthesize(context.Background(), &fakeModel{}, []Style{{Image: gradientPicture(9, 9, 0), Weight: 1}}, o); !errors.As(err, &refused) || refused.Option != "Size" {
			t.Errorf("size %v: %v", size, err)
		}
	}
}

func TestKeepColors(t *testing.T) {
	o := fineFake()
	p := fakePictures()
	p.Content = flatPicture(32, 24, color.NRGBA{200, 60, 40, 255})
	for _, keep := range []KeepColors{KeepLuma, KeepMatch} {
		o.KeepColors = keep
		r, err := Transfer(context.Background(), &fakeModel{}, p, o)
		if err != nil {
			t.Fatal(err)
		}
		red, _, blue, _ := r.Image.At(8, 8).RGBA()
		if red < blue+0x4000 {
			t.Errorf("%s: %v is no more red", keep, r.Image.At(8, 8))
		}
	}
}

func flatPicture(width, height int, c color.NRGBA) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		img.SetNRGBA(i%width, i/width, c)
	}
	return img
}

func TestRecolor(t *testing.T) {
	o := fineFake()
	o.Recolor, o.Iterations, o.Scales = 1, 1, 1
	p := fakePictures()
	p.Style = flatPicture(32, 32, color.NRGBA{20, 40, 230, 255})
	r, err := Transfer(context.Background(), &fakeModel{}, p, o)
	if err != nil {
		t.Fatal(err)
	}
	if c := r.Image.At(3, 3).(color.NRGBA); c.B < c.R+100 {
		t.Errorf("%v is not the style's blue", c)
	}
}

func TestBadStyles(t *testing.T) {
	good := gradientPicture(40, 40, 220)
	tests := []struct {
		name, what string
		styles     []Style
	}{
		{"second picture missing", "style_2", []Style{{Image: good, Weight: 1}, {Weight: 1}}},
		{"second picture too small", "style_2", []Style{{Image: good, Weight: 1}, {Image: gradientPicture(2, 9, 0), Weight: 1}}},
		{"second mask of another shape", "mask_2", []Style{{good, 1, nil}, {good, 1, flatPicture(24, 32, color.NRGBA{255, 255, 255, 255})}}},
		{"nothing left by the masks", "Styles.Mask", []Style{{good, 1, nil}, {good, 1, flatPicture(32, 24, color.NRGBA{255, 255, 255, 255})}}},
		{"negative weight", "Styles.Weight", []Style{{Image: good, Weight: -1}}},
		{"no number", "Styles.Weight", []Style{{Image: good, Weight: math.NaN()}}},
		{"all weights 0", "Styles.Weight", []Style{{Image: good}, {Image: good}}},
		{"missing picture", "style", []Style{{Weight: 1}}},
		{"black mask", "mask", []Style{{good, 1, flatPicture(32, 24, color.NRGBA{0, 0, 0, 255})}}},
		{"mask of another shape", "mask", []Style{{good, 1, flatPicture(24, 32, color.NRGBA{255, 255, 255, 255})}}},
	}
	for _, tt := range tests {
		p := fakePictures()
		p.Style, p.Styles = nil, tt.styles
		_, err := Transfer(context.Background(), &fakeModel{}, p, fakeOptions())
		var option *OptionError
		var refused *PictureError
		if !(errors.As(err, &option) && option.Option == tt.what) && !(errors.As(err, &refused) && refused.Picture == tt.what) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestMasksPaintRegions(t *testing.T) {
	o := fineFake()
	o.Scales, o.Objective.Content.Weight = 1, 0
	o.Iterations, o.Recolor = 100, 1
	left, right := image.NewGray(image.Rect(0, 0, 32, 24)), image.NewGray(image.Rect(0, 0, 32, 24))
	for y := range 24 {
		for x := range 32 {
			if x < 16 {
				left.SetGray(x, y, color.Gray{255})
			} else {
				right.SetGray(x, y, color.Gray{255})
			}
		}
	}
	blue, red := flatPicture(32, 32, color.NRGBA{20, 40, 230, 255}), flatPicture(32, 32, color.NRGBA{230, 40, 20, 255})
	for name, other := range map[string]image.Image{"two masks": right, "a style without a mask": nil} {
		r := transferStyles(t, o, Style{blue, 1, left}, Style{red, 1, other})
		l, rr := r.Image.At(3, 8).(color.NRGBA), r.Image.At(18, 8).(color.NRGBA)
		if l.B < l.R+60 || rr.R < rr.B+60 {
			t.Errorf("%s: left %v, right %v; want blue and red", name, l, rr)
		}
	}
	all := flatPicture(32, 24, color.NRGBA{255, 255, 255, 255})
	masked, plain := transferStyles(t, o, Style{blue, 1, all}), transferStyles(t, o, Style{blue, 1, nil})
	if !slices.Equal(masked.Pixels, plain.Pixels) {
		t.Error("a white mask is not the style alone")
	}
}
