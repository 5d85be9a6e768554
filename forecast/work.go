package forecast

import (
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

// Work foresees how long following a plan takes at [Speed] 1.
func Work(p *zellige.Plan) time.Duration {
	return NewCourse(p).Work()
}

// MeasureWork foresees how long measuring the result takes, as runs do, at [Speed] 1. [Work] is without it.
func MeasureWork(p *zellige.Plan) time.Duration {
	return time.Duration(measureOnce + measureTime*float64(p.Result.X*p.Result.Y))
}

// finishWork is the work of the result's last marks.
func finishWork(p *zellige.Plan) float64 {
	s := &p.Stages[len(p.Stages)-1]
	if p.Options.Brushwork == 0 || len(s.Styles) == 0 {
		return 0
	}
	return brushTime * float64(s.Width*s.Height)
}

// stageCost is the work of a stage at speed 1, in nanoseconds: until its steps, and of each.
type stageCost struct{ once, step float64 }

func costOf(p *zellige.Plan, s *zellige.Stage) stageCost {
	step, _ := p.Info.Cost(s.Objective) // a plan's pieces are large enough
	c := stageCost{targetsWork(p, s), nanoseconds(step) + moveWork(&p.Options.Schedule, s.Width*s.Height, s.End-s.From)}
	if len(s.Objective.Content)+len(s.Objective.Style)+len(s.Objective.Match) > 0 {
		c.once += openTime
	}
	return c
}

// sum is that of the targets and of all steps.
func (c stageCost) sum(s *zellige.Stage) float64 { return c.once + float64(s.End-s.From)*c.step }

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
