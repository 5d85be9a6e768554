package forecast

import (
	"image"
	"time"

	"zellige"
	"zellige/optimize"
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
	brushTime   = 12e3 // for a pixel that gets brushwork
	resultTime  = 150  // for a pixel of the result, until it is written
	openTime    = 60e6 // for a stage: opening the network for the targets and for the loop
	extractTime = 15e6 // for each picture of which a matching loss wants features: opening the network
	measureOnce = 4e8  // for a picture that is measured: opening networks
	measureTime = 7e3  // more for each of its pixels
)

// Work foresees how long following a plan takes at [Speed] 1, until the result is written.
func Work(p *zellige.Plan) time.Duration {
	return time.Duration(newCourse(p).work() + resultTime*area(p.Result))
}

// RunWork is [Work] with measuring the result, as runs do, and how much of it follows the
// last step.
func RunWork(p *zellige.Plan) (work, end time.Duration) {
	c := newCourse(p)
	rest := measureOnce + (resultTime+measureTime)*area(p.Result)
	return time.Duration(c.work() + rest), time.Duration(c.end() + rest)
}

func area(size image.Point) float64 { return float64(size.X * size.Y) }

// course is the work of a plan in its order, in nanoseconds at [Speed] 1: that of each
// stage, and last that of the result's last marks.
type course []stretch

// stretch is so much work and then so many steps of so much.
type stretch struct {
	once, step float64
	steps      int
}

func newCourse(p *zellige.Plan) (c course) {
	for i := range p.Stages {
		c = append(c, stretchOf(p, &p.Stages[i]))
	}
	return append(c, stretch{once: finishWork(p)})
}

// stretchOf is the work of a stage. The targets of one that refines are looked for again
// and again.
func stretchOf(p *zellige.Plan, s *zellige.Stage) stretch {
	step, _ := p.Info.Cost(s.Objective) // a plan's pieces are large enough
	t := stretch{targetsWork(p, s), nanoseconds(step) + moveWork(&p.Options.Schedule, s.Width*s.Height, s.End-s.From), s.End - s.From}
	if len(s.Objective.Content)+len(s.Objective.Style)+len(s.Objective.Match) > 0 {
		t.once += openTime
	}
	if s.Refines && t.steps > 0 {
		t.once, t.step = 0, t.step+t.once/float64(t.steps)
	}
	return t
}

func (c course) work() (sum float64) {
	for _, t := range c {
		sum += t.once + float64(t.steps)*t.step
	}
	return sum
}

// end is the work behind the last step.
func (c course) end() float64 { return c[len(c)-1].once }

// done is the work until a step was evaluated.
func (c course) done(s zellige.Step) float64 {
	t := c[s.Stage]
	return c[:s.Stage].work() + t.once + float64(s.Iteration+1-s.Plan.Stages[s.Stage].From)*t.step
}

// finishWork is the work of the result's last marks.
func finishWork(p *zellige.Plan) float64 {
	s := &p.Stages[len(p.Stages)-1]
	if p.Options.Brushwork == 0 || len(s.Styles) == 0 {
		return 0
	}
	return brushTime * float64(s.Width*s.Height)
}

// targetsWork is the work of the targets: of finding them, or of features and Gram
// matrices of the content and of each style. In nanoseconds.
func targetsWork(p *zellige.Plan, s *zellige.Stage) float64 {
	if m := searchOf(p, s); m != nil {
		cost, opened := m.cost()
		return nanoseconds(cost) + extractTime*float64(opened)
	}
	features, grams := p.ContentLayers(s)
	cost := p.Info.ExtractionCost(features, grams, s.Height, s.Width)
	for _, size := range s.Styles {
		cost = cost.Plus(p.Info.ExtractionCost(nil, s.StyleLayers(), size.Y, size.X))
	}
	return nanoseconds(cost)
}

// moveWork is what moving so many pixels takes in one of n iterations, on average, in
// nanoseconds.
func moveWork(s *optimize.Schedule, pixels, n int) float64 {
	work := float64(boundsTime)
	if s.Method == optimize.MethodLBFGS {
		remembered := min(optimize.History(3*pixels), n/2)
		work += lbfgsTime + pairTime*float64(remembered)
	} else {
		work += adamTime
	}
	if s.Levels > 0 {
		work += levelsTime
	}
	if s.Average > 0 {
		work += averageTime
	}
	return work * float64(pixels)
}

// nanoseconds of the network's work at speed 1.
func nanoseconds(c runtime.Cost) float64 {
	return productTime*c.Products + valueTime*c.Values + farTime*c.Far
}
