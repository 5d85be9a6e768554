package zellige

import (
	"context"
	"image"
	"math"
	"time"

	"zellige/optimize"
	"zellige/picture"
	"zellige/runtime"
)

// What work takes at [Speed] 1, in nanoseconds. Fitted to the processor time of one
// core of an AMD EPYC: that of the network for objectives on one layer and on many, at
// 96 to 1500 pixels, that of L-BFGS within whole runs.
const (
	productTime = 0.01 // for a multiply-add
	valueTime   = 0.6  // for a value of a map of features
	farTime     = 1.4  // more, if the cache does not hold the map
	boundsTime  = 5    // for a pixel: bounds and total variation
	adamTime    = 6    // for a pixel
	lbfgsTime   = 60   // for a pixel
	pairTime    = 6.5  // for a pixel and a step that L-BFGS remembers
	levelsTime  = 40   // for a pixel, if a pyramid moves
	averageTime = 2    // for a pixel
	resultTime  = 150  // for a pixel of the result, until it is written
	scaleTime   = 60e6 // for a scale: opening the network for the targets and for the loop
)

// Speed is how fast a network runs on a machine: 1 on the core that the work was
// measured on.
type Speed float64

// A style loss and its gradient tell the speed. The layer is one with all kinds of
// operators; in smaller pictures threads wait for each other more than in large ones.
const (
	probeSize        = 160 // pixels a side
	probeLayer       = 3
	probeEvaluations = 5
)

// MeasureSpeed takes some fifteen milliseconds, half of them to open the network. It is
// the speed that the network has while nothing else wants the processors. The errors
// are those of the model.
func MeasureSpeed(ctx context.Context, m Model) (Speed, error) {
	layer := min(probeLayer, len(m.Info().Layers)-1)
	channels := m.Info().Layers[layer].Channels
	objective := runtime.Objective{Height: probeSize, Width: probeSize, Style: []runtime.StyleTerm{
		{Layer: layer, Weight: 1e-9, Scale: 1, Target: make([]float32, channels*channels)}}}
	work, err := m.Info().Cost(objective)
	if err != nil {
		return 0, err
	}
	pixels := noise(3*probeSize*probeSize, 0)
	network, err := m.Prepare(objective, pixels, make([]float32, len(pixels)))
	if err != nil {
		return 0, err
	}
	defer network.Close() // a failure shows again when the picture is painted
	fastest := time.Duration(math.MaxInt64)
	for range probeEvaluations {
		began := time.Now()
		if _, err := network.Evaluate(ctx); err != nil {
			return 0, err
		}
		fastest = min(fastest, time.Since(began))
	}
	return Speed(nanoseconds(work) / float64(max(fastest, 1))), nil
}

// Work foresees how long painting from pictures takes at speed 1, or what is left of
// it with Resume; without a content picture it is a texture ([Synthesize]). Errors as
// with [Options.Memory].
func (o Options) Work(info *runtime.Info, p Pictures) (time.Duration, error) {
	result, _, _, err := o.sizes(p.Content)
	if err != nil {
		return 0, err
	}
	shape := result
	if p.Content != nil {
		shape = p.Content.Bounds().Size()
	}
	sum := resultTime * float64(result.X*result.Y)
	for _, s := range o.stages() {
		if s.finished(&o) {
			continue
		}
		work, err := o.stageWork(info, s, shape, p)
		if err != nil {
			return 0, err
		}
		sum += work
	}
	return time.Duration(sum), nil
}

// Time is how long work takes at a speed.
func (s Speed) Time(work time.Duration) time.Duration {
	return time.Duration(float64(work) / float64(s))
}

// stageWork is Work of one scale of a picture of the given shape, in nanoseconds.
func (o *Options) stageWork(info *runtime.Info, s stage, shape image.Point, p Pictures) (float64, error) {
	width, height := picture.Size(s.size, shape.X, shape.Y)
	step, err := info.Cost(o.layersOf(height, width, &p))
	if err != nil {
		return 0, tooSmallPiece(err)
	}
	targets, err := o.targetsWork(info, s.styleSize, height, width, &p)
	if err != nil {
		return 0, err
	}
	if s.resumes(o) {
		s.first = o.Resume.Iteration
	}
	n := s.end - s.first
	return scaleTime + nanoseconds(targets) + float64(n)*(nanoseconds(step)+o.moveWork(height*width, n)), nil
}

// targetsWork is what computing the targets takes: features and Gram matrices of the
// content and of each style.
func (o *Options) targetsWork(info *runtime.Info, styleSize, height, width int, p *Pictures) (runtime.Cost, error) {
	var work runtime.Cost
	if p.Content != nil && o.Objective.Content.Weight > 0 {
		work = info.ExtractionCost([]int{o.Objective.Content.Layer}, height, width)
	}
	layers := o.styleLayers()
	for i, s := range p.styles() {
		height, width, err := workingSize(Role("style", i), s.Image, styleSize)
		if err != nil {
			return work, err
		}
		work = work.Plus(info.ExtractionCost(layers, height, width))
	}
	return work, nil
}

// moveWork is what moving so many pixels takes in one of n iterations, on average, in
// nanoseconds.
func (o *Options) moveWork(pixels, n int) float64 {
	work := float64(boundsTime)
	if o.Schedule.Method == optimize.MethodLBFGS {
		remembered := min(optimize.History(3*pixels), n/2)
		work += lbfgsTime + pairTime*float64(remembered)
	} else {
		work += adamTime
	}
	if o.Schedule.Levels > 0 {
		work += levelsTime
	}
	if o.Schedule.Average > 0 {
		work += averageTime
	}
	return work * float64(pixels)
}

// nanoseconds of the network's work at speed 1.
func nanoseconds(c runtime.Cost) float64 {
	return productTime*c.Products + valueTime*c.Values + farTime*c.Far
}
