package forecast

import (
	"time"

	"zellige"
)

// Pace foresees how long the rest of a run takes: for each pixel as long as since the
// first step of the stage at work, which is slower than those that follow.
type Pace struct {
	first   zellige.Step // of the stage at work
	last    zellige.Step
	seconds float64 // for a unit of effort; 0 as long as it is not known
}

// Step looks at a step.
func (p *Pace) Step(s zellige.Step) {
	p.last = s
	if p.first.Iterations == 0 || s.Stage != p.first.Stage {
		p.first = s
		return
	}
	p.seconds = (s.Elapsed - p.first.Elapsed).Seconds() / effort(s, p.first.Iteration, s.Iteration)
}

// Left is how long the steps to come take, and whether that is known: not before the
// second step.
func (p *Pace) Left() (left time.Duration, known bool) {
	rest := effort(p.last, p.last.Iteration+1, p.last.Iterations)
	return time.Duration(p.seconds * rest * float64(time.Second)), p.seconds > 0
}

// effort is how much work the iterations [first, end) are, in pixels that the network
// evaluates if the picture is square.
func effort(s zellige.Step, first, end int) float64 {
	if s.Plan == nil {
		return float64(end - first)
	}
	sum := 0.0
	for _, stage := range s.Plan.Stages {
		if n := min(end, stage.End) - max(first, stage.First); n > 0 {
			sum += float64(n) * float64(stage.Size) * float64(stage.Size)
		}
	}
	return sum
}
