package forecast

import (
	"time"

	"zellige"
)

// Pace foresees how long the rest of a plan takes, from what its stages cost and how long
// the last steps took. The first step of a stage is slower than those that follow.
type Pace struct {
	Speed   Speed // that was measured before; 0 if none was. Small pictures say little of large ones
	course  *Course
	rate    Rate
	stage   int // of the last step, which is not kept: it would keep its loop
	elapsed time.Duration
	done    float64
}

// paceMemory is the part of a plan's work that is remembered: a machine's load changes.
const paceMemory = 0.1

// Note looks at a step.
func (p *Pace) Note(s zellige.Step) {
	isFirst := p.course == nil
	if isFirst {
		p.course = NewCourse(s.Plan)
		if memory := paceMemory * p.course.Total; p.Speed > 0 {
			p.rate = Rate{p.Speed.Time(time.Duration(memory)).Seconds(), memory}
		}
	}
	done := p.course.Done(s)
	if !isFirst && s.Stage == p.stage {
		p.rate.Add(s.Elapsed-p.elapsed, done-p.done, paceMemory*p.course.Total)
	}
	p.stage, p.elapsed, p.done = s.Stage, s.Elapsed, done
}

// Share is how much of the work is done, 0 to 1.
func (p *Pace) Share() float64 { return p.done / p.course.Total }

// Left is how long the steps to come take, and whether that is known: without a speed not
// before the second step.
func (p *Pace) Left() (left time.Duration, known bool) {
	rest := p.course.Total - p.done
	if left, known = p.rate.Time(rest); known || p.stage == 0 {
		return left, known
	}
	return time.Duration(float64(p.elapsed) / p.done * rest), true
}
