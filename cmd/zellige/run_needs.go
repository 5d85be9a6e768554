package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/forecast"
	"zellige/internal/experiment"
)

// planNeeds is what the runs that have to be done need of the machine.
type planNeeds struct {
	jobs    int
	isNamed bool  // the user named the limit
	limit   int64 // of the memory of a job, in bytes
	runs    int
	work    time.Duration // of all runs, at speed 1
	refused []string      // the runs that take more memory, and why
	known   map[situation]runNeeds
}

// situation is equal for runs that need the same.
type situation struct {
	run  *experiment.Planned
	from int // iteration
}

// runNeeds is what is foreseen for a run.
type runNeeds struct {
	work   time.Duration // at speed 1
	end    time.Duration // of it, after the last step
	memory int64         // bytes
	why    string        // it is refused
}

// planNeeds shares the memory that is allowed or, if none was named, free between
// the jobs.
func (v *runFlags) planNeeds(c *cli.Context) (*planNeeds, error) {
	limit, err := v.memory.limit(c)
	return &planNeeds{jobs: v.jobs, isNamed: v.memory.isNamed(c), limit: limit / int64(v.jobs), known: map[situation]runNeeds{}}, err
}

// add has the signature of [experiment.Request.Look].
func (p *planNeeds) add(r *experiment.Planned, plan *zellige.Plan) {
	at := situation{r.Like, r.Iteration}
	n, ok := p.known[at]
	if !ok {
		n = p.foresee(plan, r.Iteration)
		p.known[at] = n
	}
	if n.why != "" {
		p.refused = append(p.refused, fmt.Sprintf("%s: it %s", r.Name, n.why))
		return
	}
	p.runs++
	p.work += n.work
}

// of are the needs of a run, none if it is done.
func (p *planNeeds) of(r *experiment.Planned) runNeeds {
	return p.known[situation{r.Like, r.Iteration}]
}

// foresee says what a run needs that goes on at an iteration.
func (p *planNeeds) foresee(plan *zellige.Plan, from int) runNeeds {
	n := runNeeds{memory: forecast.MemoryOf(plan).Total}
	if why := forecast.IsTooLarge(forecast.Check(plan, p.limit)); why != nil {
		n.why = why.Reason()
	}
	left, err := plan.With(func(o *zellige.Options) { o.Resume = &zellige.State{Iteration: from} })
	if err == nil { // otherwise what is wrong shows when it is painted
		n.work, n.end = forecast.RunWork(left)
	}
	return n
}

// check refuses runs that take too much memory, before any is painted.
func (p *planNeeds) check() error {
	if len(p.refused) == 0 {
		return nil
	}
	limit := "is free"
	if p.isNamed {
		limit = "--max-memory allows"
	}
	if p.jobs > 1 {
		limit += fmt.Sprintf(" each of %d jobs", p.jobs)
	}
	text := fmt.Sprintf("%d of %d runs to paint take more memory than %s: %s", len(p.refused), len(p.refused)+p.runs, limit, firstFew(p.refused))
	const hint = "a larger --max-memory allows them all the same; a smaller piece, or lean, in the file takes less"
	if p.isNamed {
		return &usageError{text, hint}
	}
	return &hintedError{errors.New(text), hint}
}

// announce says what is begun, and what time it takes.
func (p *planNeeds) announce(ctx context.Context, m zellige.Model, to *messages) error {
	if to.quiet {
		return nil
	}
	speed, err := forecast.MeasureSpeed(ctx, m)
	if err != nil {
		return err
	}
	left := speed.Time(p.work) / time.Duration(max(1, min(p.jobs, p.runs)))
	to.say("runs to paint: %d, in about %s", p.runs, formatDuration(left))
	return nil
}
