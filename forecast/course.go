package forecast

import (
	"time"

	"zellige"
)

// Course is the work of a plan's stages one after the other and of its last marks, without that of
// writing the result, in nanoseconds at [Speed] 1.
type Course struct {
	Total  float64
	End    float64 // of Total: the last marks
	result float64 // not of Total: writing the result
	stages []stageCost
}

// NewCourse adds up a plan.
func NewCourse(p *zellige.Plan) *Course {
	end := finishWork(p)
	c := &Course{Total: end, End: end, result: resultTime * float64(p.Result.X*p.Result.Y)}
	for i := range p.Stages {
		s := &p.Stages[i]
		cost := costOf(p, s)
		if s.Refines && s.End > s.From { // its targets are looked for again and again
			cost = stageCost{step: cost.step + cost.once/float64(s.End-s.From)}
		}
		c.stages = append(c.stages, cost)
		c.Total += cost.sum(s)
	}
	return c
}

// Work is all of it, with writing the result.
func (c *Course) Work() time.Duration { return time.Duration(c.Total + c.result) }

// Done is the work behind a step's evaluation.
func (c *Course) Done(s zellige.Step) (sum float64) {
	for i, cost := range c.stages[:s.Stage] {
		sum += cost.sum(&s.Plan.Stages[i])
	}
	cost := c.stages[s.Stage]
	return sum + cost.once + float64(s.Iteration+1-s.Plan.Stages[s.Stage].From)*cost.step
}
