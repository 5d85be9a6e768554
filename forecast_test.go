package zellige

import (
	"context"
	"image"
	"testing"
	"time"

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
	network := 2 * ((conv+fires+grams)*productTime + maps*valueTime)
	fine := optimize.Fine()
	for _, test := range []struct {
		name     string
		schedule optimize.Schedule
		want     float64 // for a pixel, in nanoseconds
	}{
		{"adam", optimize.Lab(), network + boundsTime + adamTime},
		{"lbfgs", optimize.Schedule{Method: optimize.MethodLBFGS}, network + boundsTime + lbfgsTime + 10*pairTime},
		{"lbfgs with levels", fine, network + boundsTime + lbfgsTime + 10*pairTime + levelsTime},
		{"average", optimize.Schedule{Method: optimize.MethodAdam, Average: 0.9}, network + boundsTime + adamTime + averageTime},
	} {
		o := lab()
		o.ImageSize, o.Schedule = 128, test.schedule
		p := Pictures{Content: image.NewGray(image.Rect(0, 0, 200, 200)), Style: lionAndWave().Style}
		work := func(iterations int) time.Duration {
			o.Iterations = iterations
			work, err := o.Work(info, p)
			if err != nil {
				t.Fatal(err)
			}
			return work
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
	work := func(change func(o *Options, p *Pictures)) time.Duration {
		t.Helper()
		o, p := fine(), lionAndWave()
		change(&o, &p)
		work, err := o.Work(info, p)
		if err != nil {
			t.Fatal(err)
		}
		return work
	}
	whole := work(func(*Options, *Pictures) {})
	for _, test := range []struct {
		name      string
		low, high float64 // times the work of the preset fine
		change    func(o *Options, p *Pictures)
	}{
		{"one scale", 2, 4, func(o *Options, _ *Pictures) { o.Scales = 1 }},
		{"twice the iterations", 1.8, 2, func(o *Options, _ *Pictures) { o.Iterations *= 2 }},
		{"half the size", 0.15, 0.35, func(o *Options, _ *Pictures) { o.ImageSize /= 2 }},
		{"in pieces", 1.1, 2, func(o *Options, _ *Pictures) { o.Piece = 1 << 16 }},
		{"enlarged", 1.1, 2, func(o *Options, _ *Pictures) { o.Size.Width = 3000 }},
		{"another style", 1, 1.1, func(_ *Options, p *Pictures) { p.Styles = []Style{{Image: p.Style, Weight: 1}} }},
		{"the last scale", 0.3, 0.6, func(o *Options, _ *Pictures) { o.Resume = &State{Iteration: 160} }},
		{"half of the last scale", 0.15, 0.3, func(o *Options, _ *Pictures) { o.Resume = &State{Iteration: 180} }},
		{"texture", 0.4, 0.9, func(o *Options, p *Pictures) { p.Content, o.Size = nil, Size{512, 512} }},
	} {
		if got := float64(work(test.change)) / float64(whole); got < test.low || got > test.high {
			t.Errorf("%s: %g times the work, want %g to %g", test.name, got, test.low, test.high)
		}
	}
	o := fine()
	o.Piece = 1
	if _, err := o.Work(info, lionAndWave()); err == nil {
		t.Error("pieces of a pixel are no error")
	}
}

func TestSpeed(t *testing.T) {
	if got := Speed(1.5).Time(3 * time.Second); got != 2*time.Second {
		t.Errorf("3 s of work at speed 1.5 take %s, want 2 s", got)
	}
}

// slowModel takes its time for an evaluation.
type slowModel struct {
	*fakeModel
	takes time.Duration
}

type slowEvaluator struct {
	runtime.Evaluator
	takes time.Duration
}

func (m slowModel) Prepare(o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	e, err := m.fakeModel.Prepare(o, pixels, gradient)
	return slowEvaluator{e, m.takes}, err
}

func (e slowEvaluator) Evaluate(ctx context.Context) (runtime.Losses, error) {
	time.Sleep(e.takes)
	return e.Evaluator.Evaluate(ctx)
}

// TestMeasureSpeed: the one layer of the fake model has 3 maps and Gram matrices of
// 3x3, for the features and for their gradient.
func TestMeasureSpeed(t *testing.T) {
	const takes = 2 * time.Millisecond
	work := 2 * probeSize * probeSize * (3*3*productTime + 3*valueTime)
	m := slowModel{&fakeModel{}, takes}
	speed, err := MeasureSpeed(context.Background(), m)
	if fastest := Speed(work / float64(takes)); err != nil || speed <= 0 || speed > fastest {
		t.Errorf("speed %g, error %v, want at most %g", speed, err, fastest)
	}
	if m.closed != m.prepared {
		t.Errorf("%d evaluators are prepared, %d closed", m.prepared, m.closed)
	}
	m.fail = errFake
	if _, err := MeasureSpeed(context.Background(), m); err == nil {
		t.Error("the model's error is lost")
	}
}
