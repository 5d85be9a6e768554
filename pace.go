package zellige

import "time"

// Effort is how much work the iterations from first up to but not with end are, in
// pixels that the network evaluates if the picture is square: comparable between
// the scales of a run and between runs of one objective.
func (o *Options) Effort(first, end int) float64 {
	sum := 0.0
	for _, s := range o.stages() {
		if n := min(end, s.end) - max(first, s.first); n > 0 {
			sum += float64(n) * float64(s.size) * float64(s.size)
		}
	}
	return sum
}

// Pace foresees how long the rest of a run takes: for each pixel as long as since
// the first step of the scale at work, which is slower than those that follow.
type Pace struct {
	first   Step // of the scale at work
	last    Step
	seconds float64 // for a unit of effort; 0 as long as it is not known
}

// Step looks at a step.
func (p *Pace) Step(s Step) {
	p.last = s
	if p.first.Iterations == 0 || s.scale() != p.first.scale() {
		p.first = s
		return
	}
	p.seconds = (s.Elapsed - p.first.Elapsed).Seconds() / s.effort(p.first.Iteration, s.Iteration)
}

// Left is how long the steps to come take, and whether that is known: not before
// the second step.
func (p *Pace) Left() (left time.Duration, known bool) {
	rest := p.last.effort(p.last.Iteration+1, p.last.Iterations)
	return time.Duration(p.seconds * rest * float64(time.Second)), p.seconds > 0
}

// scale is the first iteration at the scale of the step.
func (s Step) scale() int {
	if s.painter == nil {
		return 0
	}
	return s.painter.stage.first
}

func (s Step) effort(first, end int) float64 {
	if s.painter == nil {
		return float64(end - first)
	}
	return s.painter.options.Effort(first, end)
}
