package zellige

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"reflect"
	"slices"
	"testing"

	"zellige/losses"
)

func TestTransferBringsTheLossDown(t *testing.T) {
	o := fakeOptions()
	o.Iterations, o.Init = 200, InitNoise
	m := &fakeModel{}
	r := transferFake(t, m, o)
	if r.Last.Total() > r.First.Total()/2 {
		t.Errorf("loss from %g to %g", r.First.Total(), r.Last.Total())
	}
	if r.Width != 21 || r.Height != 16 || r.Image.Bounds() != image.Rect(0, 0, 21, 16) {
		t.Errorf("size %dx%d, picture %v", r.Width, r.Height, r.Image.Bounds())
	}
	if r.Iterations != 200 || m.prepared != 1 || m.closed != 1 {
		t.Errorf("%d iterations, %d prepared, %d closed", r.Iterations, m.prepared, m.closed)
	}
}

// TestLabSchedule follows the pixels through the reference experiment's schedule.
func TestLabSchedule(t *testing.T) {
	o := fakeOptions()
	o.Iterations = 200
	var before []float32
	o.Progress = func(s Step) {
		pixels := s.loop.pixels
		outside := slices.ContainsFunc(pixels, func(x float32) bool { return x < -1.5 || x > 1.5 })
		if outside && s.Iteration < 190 {
			t.Errorf("iteration %d: pixels outside -1.5..1.5", s.Iteration)
		}
		moved := largestMove(before, pixels)
		switch s.Iteration {
		case 1: // Adam's first step is as large as the learning rate
			if moved < 2 {
				t.Errorf("first step moved at most %g, want 3 up to the bounds", moved)
			}
		case 181: // the step of iteration 180 was a fresh Adam's
			if math.Abs(moved-0.1) > 1e-4 {
				t.Errorf("step 180 moved at most %g, want 0.1", moved)
			}
		}
		before = slices.Clone(pixels)
	}
	transferFake(t, &fakeModel{}, o)
}

func largestMove(a, b []float32) float64 {
	most := 0.0
	for i := range a {
		most = max(most, math.Abs(float64(a[i]-b[i])))
	}
	return most
}

// TestGradientByFiniteDifferences checks what the optimiser is given, total
// variation included, against the losses that are reported.
func TestGradientByFiniteDifferences(t *testing.T) {
	o := fakeOptions()
	o.Iterations, o.Init = 1, InitNoise
	o.Progress = func(s Step) {
		p := s.loop
		gradient := slices.Clone(p.gradient)
		for _, i := range []int{0, 5, len(p.pixels) / 2, len(p.pixels) - 1} {
			const step = 1.0 / 128
			old := p.pixels[i]
			total := func(x float32) float64 {
				p.pixels[i] = x
				if err := p.evaluate(context.Background(), 1000); err != nil {
					t.Fatal(err)
				}
				return p.values.Total()
			}
			want := (total(old+step) - total(old-step)) / (2 * step)
			p.pixels[i] = old
			if got := float64(gradient[i]); math.Abs(got-want) > 0.02*math.Abs(want)+0.02 {
				t.Errorf("gradient[%d] = %g, finite differences %g", i, got, want)
			}
		}
	}
	transferFake(t, &fakeModel{}, o)
}

func TestSameSeedSamePicture(t *testing.T) {
	o := fakeOptions()
	o.Init, o.Seed = InitNoise, 7
	a, b := transferFake(t, &fakeModel{}, o), transferFake(t, &fakeModel{}, o)
	if !slices.Equal(a.Pixels, b.Pixels) {
		t.Error("two runs differ")
	}
	o.Seed = 8
	if c := transferFake(t, &fakeModel{}, o); slices.Equal(a.Pixels, c.Pixels) {
		t.Error("another seed gives the same picture")
	}
}

func TestResumeGivesTheSamePicture(t *testing.T) {
	for _, at := range []int{1, 5, 11} {
		o := fakeOptions()
		var state State
		o.Progress = func(s Step) {
			if s.Iteration == at {
				state = cloneState(s.State())
			}
		}
		whole := transferFake(t, &fakeModel{}, o)
		o.Progress, o.Resume = nil, &state
		if resumed := transferFake(t, &fakeModel{}, o); !slices.Equal(whole.Pixels, resumed.Pixels) {
			t.Errorf("resumed at %d: another picture", at)
		}
	}
}

// cloneState keeps a state beyond the call that gave it.
func cloneState(s State) State {
	s.Pixels, s.Average = slices.Clone(s.Pixels), slices.Clone(s.Average)
	s.Optimizer.Vectors = slices.Clone(s.Optimizer.Vectors)
	for i, v := range s.Optimizer.Vectors {
		s.Optimizer.Vectors[i] = slices.Clone(v)
	}
	return s
}

func TestInvertNeedsNoStyle(t *testing.T) {
	o := fakeOptions()
	o.Iterations = 200
	r, err := Invert(context.Background(), &fakeModel{}, fakePictures(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Last.Style) != 0 || r.Last.ContentSum() > r.First.ContentSum()/10 {
		t.Errorf("losses from %+v to %+v", r.First, r.Last)
	}
}

func TestTotalVariationAloneNeedsNoNetwork(t *testing.T) {
	o := fakeOptions()
	o.Objective.Content.Weight, o.Objective.Style.Weights[0] = 0, 0
	m := &fakeModel{}
	r := transferFake(t, m, o)
	if m.prepared != 0 || r.First.TV == 0 || r.First.Total() != r.First.TV {
		t.Errorf("%d networks prepared, losses %+v", m.prepared, r.First)
	}
}

func TestCancelKeepsThePicture(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	o := fakeOptions()
	o.Progress = func(s Step) {
		if s.Iteration == 4 {
			cancel()
		}
	}
	m := &fakeModel{}
	r, err := Transfer(ctx, m, fakePictures(), o)
	if !errors.Is(err, context.Canceled) || r == nil || r.Iterations != 5 || r.Image == nil || m.closed != 1 {
		t.Errorf("result %+v, error %v, %d closed", r, err, m.closed)
	}
}

// An interruption does not wait for the last marks, not even one that comes when all iterations are done.
func TestAnInterruptedPictureHasNoLastMarks(t *testing.T) {
	plain := fakeOptions()
	plain.Coherence, plain.Brushwork, plain.Scales = 0, 0, 1
	marked := plain
	marked.Coherence, marked.Brushwork = 1, 1
	want := transferFake(t, &fakeModel{}, plain).Image
	if reflect.DeepEqual(transferFake(t, &fakeModel{}, marked).Image, want) {
		t.Fatal("the marks change nothing")
	}
	ctx, cancel := context.WithCancel(t.Context())
	marked.Progress = func(s Step) {
		if s.Iteration == s.Iterations-1 {
			cancel()
		}
	}
	r, err := Transfer(ctx, &fakeModel{}, fakePictures(), marked)
	if !errors.Is(err, context.Canceled) || r.Iterations != marked.Iterations || !reflect.DeepEqual(r.Image, want) {
		t.Errorf("after %d iterations: %v, or the picture has marks", r.Iterations, err)
	}
}

func TestFailureOfTheNetwork(t *testing.T) {
	m := &fakeModel{fail: errFake}
	_, err := Transfer(context.Background(), m, fakePictures(), fakeOptions())
	if !errors.Is(err, errFake) || m.closed != 1 {
		t.Errorf("error %v, %d closed", err, m.closed)
	}
}

func TestBadOptions(t *testing.T) {
	tests := []struct {
		option string
		change func(*Options)
	}{
		{"ImageSize", func(o *Options) { o.ImageSize = 0 }},
		{"ImageSize", func(o *Options) { o.ImageSize = MaxSize + 1 }},
		{"StyleSize", func(o *Options) { o.StyleSize = 7 }},
		{"Iterations", func(o *Options) { o.Iterations = 0 }},
		{"Iterations", func(o *Options) { o.Iterations = -1 }},
		{"Init", func(o *Options) { o.Init = "sky" }},
		{"Objective.Content.Layer", func(o *Options) { o.Objective.Content.Layer = 1 }},
		{"Objective.Style.Weights", func(o *Options) { o.Objective.Style.Weights = nil }},
	}
	for _, tt := range tests {
		o := fakeOptions()
		tt.change(&o)
		_, err := Transfer(context.Background(), &fakeModel{}, fakePictures(), o)
		var option *OptionError
		if !errors.As(err, &option) || option.Option != tt.option {
			t.Errorf("%s: got %v", tt.option, err)
		}
	}
}

func TestBadPictures(t *testing.T) {
	good := fakePictures()
	tests := []struct {
		picture  string
		pictures Pictures
		init     Init
	}{
		{"content", Pictures{Style: good.Style}, InitContent},
		{"style", Pictures{Content: good.Content}, InitContent},
		{"content", Pictures{Content: gradientPicture(1, 1, 0), Style: good.Style}, InitContent},
		{"content", Pictures{Content: gradientPicture(3, 3000, 0), Style: good.Style}, InitContent},
		{"style", Pictures{Content: good.Content, Style: gradientPicture(400, 8, 0)}, InitContent},
		{"init", Pictures{Content: good.Content, Style: good.Style}, InitImage},
		{"init", Pictures{Content: good.Content, Style: good.Style, Init: gradientPicture(20, 30, 0)}, InitImage},
	}
	for i, tt := range tests {
		o := fakeOptions()
		o.Init = tt.init
		_, err := Transfer(context.Background(), &fakeModel{}, tt.pictures, o)
		var picture *PictureError
		if !errors.As(err, &picture) || picture.Picture != tt.picture {
			t.Errorf("case %d: got %v, want an error about the %s picture", i, err, tt.picture)
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	o := fakeOptions()
	o.Iterations = 3
	o.Schedule.Average = 0.5
	o.Objective.Style.Weights[0] = 0 // the fake Gram matrix allocates
	o.Progress = func(s Step) {
		if s.Iteration != 1 {
			return
		}
		n := testing.AllocsPerRun(20, func() {
			if err := s.loop.evaluate(context.Background(), 1); err != nil {
				t.Fatal(err)
			}
			s.loop.move(1)
		})
		if n != 0 {
			t.Errorf("%g allocations per step", n)
		}
	}
	transferFake(t, &fakeModel{}, o)
}

func TestEvaluate(t *testing.T) {
	p, o := fakePictures(), fakeOptions()
	tests := []struct {
		name           string
		img            image.Image
		content, style image.Image
		zero           func(losses.Values) bool
	}{
		{"content at itself", p.Content, p.Content, nil,
			func(v losses.Values) bool { return len(v.Content) == 1 && v.ContentSum() == 0 && len(v.Style) == 0 }},
		{"style at itself", p.Style, nil, p.Style,
			func(v losses.Values) bool { return len(v.Style) == 1 && v.StyleSum() == 0 && len(v.Content) == 0 }},
		{"tv alone", p.Content, nil, nil,
			func(v losses.Values) bool { return v.TV > 0 && v.Total() == v.TV }},
	}
	for _, tt := range tests {
		v, err := Evaluate(context.Background(), &fakeModel{}, tt.img, tt.content, tt.style, o)
		if err != nil || !tt.zero(v) {
			t.Errorf("%s: %+v, %v", tt.name, v, err)
		}
	}
	_, err := Evaluate(context.Background(), &fakeModel{}, p.Style, p.Content, nil, o)
	var picture *PictureError
	if !errors.As(err, &picture) {
		t.Errorf("pictures of two shapes: %v", err)
	}
}

func ExampleTransfer() {
	network := &fakeModel{} // a program opens the real one with Open
	options := lab()
	options.ImageSize, options.StyleSize = 16, 16
	options.Objective.Content.Layer = 0
	options.Objective.Style = losses.Style{Layers: []int{0}, Weights: []float64{100}}
	pictures := Pictures{Content: gradientPicture(32, 24, 30), Style: gradientPicture(40, 40, 220)}
	result, err := Transfer(context.Background(), network, pictures, options)
	if err != nil {
		panic(err)
	}
	fmt.Println(result.Image.Bounds().Dx(), "pixels wide") // write it with package picture
	// Output: 21 pixels wide
}
