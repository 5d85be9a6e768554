package forecast

import (
	"context"
	"errors"
	"image"
	"testing"
	"time"

	"zellige"
	"zellige/optimize"
	"zellige/runtime"
)

// The work of a step, for a pixel of a picture that the cache holds: products and
// values by hand (runtime's tests), at their times.
func TestWorkOfAnIteration(t *testing.T) {
	info := squeezeNet(t)
	const pixels = 128 * 128
	conv, fires := 1728.0/4, (11264.0+12288)/16+(45056.0+49152)/64
	grams := 64*64.0/4 + 128*128.0/16 + 128*128.0/64 + 256*256.0/64
	maps := 16 + 4 + 8 + 8 + 2 + 4 + 4.0
	differences := 128 / 16.0 // of the content loss on layer 3
	network := 2*((conv+fires+grams)*productTime+maps*valueTime) + differences*valueTime
	fine := optimize.Gram()
	for _, test := range []struct {
		name     string
		schedule optimize.Schedule
		want     float64 // for a pixel, in nanoseconds
	}{
		{"adam", optimize.Lab(), network + boundsTime + adamTime},
		{"lbfgs", optimize.Schedule{Method: optimize.MethodLBFGS, Rate: 1}, network + boundsTime + lbfgsTime + 10*pairTime},
		{"lbfgs with levels", fine, network + boundsTime + lbfgsTime + 10*pairTime + levelsTime},
		{"average", optimize.Schedule{Method: optimize.MethodAdam, Rate: 1, Average: 0.9}, network + boundsTime + adamTime + averageTime},
	} {
		o := preset("lab")
		o.ImageSize, o.Schedule = 128, test.schedule
		p := zellige.Pictures{Content: image.NewGray(image.Rect(0, 0, 200, 200)), Style: lionAndWave().Style}
		work := func(iterations int) time.Duration {
			o.Iterations = iterations
			return Work(mustPlan(t, info, p, o))
		}
		got := float64(work(140)-work(40)) / 100 / pixels
		if got < 0.999*test.want || got > 1.001*test.want {
			t.Errorf("%s: %g ns a pixel, want %g", test.name, got, test.want)
		}
	}
}

// TestWork: what makes more work.
func TestWork(t *testing.T) {
	info := squeezeNet(t)
	work := func(change func(o *zellige.Options, p *zellige.Pictures)) time.Duration {
		t.Helper()
		o, p := preset("gram"), lionAndWave()
		change(&o, &p)
		return Work(mustPlan(t, info, p, o))
	}
	whole := work(func(*zellige.Options, *zellige.Pictures) {})
	for _, test := range []struct {
		name      string
		low, high float64 // times the work of the preset fine
		change    func(o *zellige.Options, p *zellige.Pictures)
	}{
		{"one scale", 2, 4, func(o *zellige.Options, _ *zellige.Pictures) { o.Scales = 1 }},
		{"twice the iterations", 1.8, 2, func(o *zellige.Options, _ *zellige.Pictures) { o.Iterations *= 2 }},
		{"half the size", 0.15, 0.35, func(o *zellige.Options, _ *zellige.Pictures) { o.ImageSize /= 2 }},
		{"in pieces", 1.1, 2, func(o *zellige.Options, _ *zellige.Pictures) { o.Piece = 1 << 16 }},
		{"enlarged", 1.1, 2, func(o *zellige.Options, _ *zellige.Pictures) { o.Size.Width = 3000 }},
		{"another style", 1, 1.1, func(_ *zellige.Options, p *zellige.Pictures) { p.Styles = []zellige.Style{{Image: p.Style, Weight: 1}} }},
		{"the last scale", 0.3, 0.6, func(o *zellige.Options, _ *zellige.Pictures) { o.Resume = &zellige.State{Iteration: 160} }},
		{"half of the last scale", 0.15, 0.3, func(o *zellige.Options, _ *zellige.Pictures) { o.Resume = &zellige.State{Iteration: 180} }},
		{"texture", 0.4, 0.9, func(o *zellige.Options, p *zellige.Pictures) {
			p.Styles, p.Content, o.Size = []zellige.Style{{Image: p.Style, Weight: 1}}, nil, zellige.Size{Width: 512, Height: 512}
		}},
	} {
		if got := float64(work(test.change)) / float64(whole); got < test.low || got > test.high {
			t.Errorf("%s: %g times the work, want %g to %g", test.name, got, test.low, test.high)
		}
	}
	o := preset("gram")
	o.Piece = 1
	if _, err := planned(info, lionAndWave(), o); err == nil {
		t.Error("pieces of a pixel are no error")
	}
}

func TestSpeed(t *testing.T) {
	if got := Speed(1.5).Time(3 * time.Second); got != 2*time.Second {
		t.Errorf("3 s of work at speed 1.5 take %s, want 2 s", got)
	}
}

// slowModel is a network of one layer that takes its time for an evaluation.
type slowModel struct {
	zellige.Model
	takes time.Duration
	fail  error
	open  int // evaluators
}

func (*slowModel) Info() *runtime.Info {
	return &runtime.Info{Layers: []runtime.Layer{{Channels: 3, Stride: 1, ReceptiveField: 1, Window: runtime.Window{Kernel: 1, Stride: 1}}}}
}

func (m *slowModel) Prepare(runtime.Objective, []float32, []float32) (runtime.Evaluator, error) {
	m.open++
	return slowEvaluator{m}, nil
}

type slowEvaluator struct{ *slowModel }

func (e slowEvaluator) Evaluate(context.Context) (runtime.Losses, error) {
	time.Sleep(e.takes)
	return runtime.Losses{}, e.fail
}

func (slowEvaluator) Retarget() {}

func (e slowEvaluator) Close() error {
	e.open--
	return nil
}

// TestMeasureSpeed: the one layer of the model has 3 maps and Gram matrices of 3x3,
// for the features and for their gradient.
func TestMeasureSpeed(t *testing.T) {
	const takes = 2 * time.Millisecond
	work := 2 * probeSize * probeSize * (3*3*productTime + 3*valueTime)
	m := &slowModel{takes: takes}
	speed, err := MeasureSpeed(context.Background(), m)
	if fastest := Speed(work / float64(takes)); err != nil || speed <= 0 || speed > fastest {
		t.Errorf("speed %g, error %v, want at most %g", speed, err, fastest)
	}
	if m.open != 0 {
		t.Errorf("%d evaluators are not closed", m.open)
	}
	m.fail = errors.New("the network fails")
	if _, err := MeasureSpeed(context.Background(), m); !errors.Is(err, m.fail) {
		t.Errorf("got %v, want the model's error", err)
	}
}
