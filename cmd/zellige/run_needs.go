package main

import (
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
	limit   int64 // of the memory of a job, in bytes
	runs    int
	work    time.Duration // of all runs, at speed 1
	refused []string      // the runs that take more memory, and why
}

// newPlanNeeds shares the memory that is allowed or, if none was named, free between
// the jobs.
func newPlanNeeds(c *cli.Context) (*planNeeds, error) {
	limit, err := memoryLimit(c)
	jobs := c.Int("jobs")
	return &planNeeds{jobs: jobs, limit: limit / int64(jobs)}, err
}

// add has the signature of [experiment.Request.Look].
func (p *planNeeds) add(r *experiment.Planned, plan *zellige.Plan) {
	if why := forecast.IsTooLarge(forecast.Check(plan, p.limit)); why != nil {
		p.refused = append(p.refused, fmt.Sprintf("%s: it %s", r.Name, why.Reason()))
		return
	}
	left, err := plan.With(func(o *zellige.Options) { o.Resume = &zellige.State{Iteration: r.Iteration} })
	if err == nil { // what is wrong shows when it is painted
		p.runs++
		p.work += forecast.Work(left)
	}
}

// check refuses runs that take too much memory, before any is painted.
func (p *planNeeds) check(c *cli.Context) error {
	if len(p.refused) == 0 {
		return nil
	}
	limit := "is free"
	if c.IsSet("max-memory") {
		limit = "--max-memory allows"
	}
	if p.jobs > 1 {
		limit += fmt.Sprintf(" each of %d jobs", p.jobs)
	}
	text := fmt.Sprintf("%d of %d runs to paint take more memory than %s: %s", len(p.refused), len(p.refused)+p.runs, limit, firstFew(p.refused))
	const hint = "a larger --max-memory allows them all the same; a smaller piece, or lean, in the file takes less"
	if c.IsSet("max-memory") {
		return &usageError{text, hint}
	}
	return &hintedError{errors.New(text), hint}
}

// announce says what is begun, and what time it takes.
func (p *planNeeds) announce(c *cli.Context, m zellige.Model) error {
	if c.Bool("quiet") {
		return nil
	}
	speed, err := forecast.MeasureSpeed(c.Context, m)
	if err != nil {
		return err
	}
	left := speed.Time(p.work) / time.Duration(max(1, min(p.jobs, p.runs)))
	fmt.Fprintf(c.App.ErrWriter, "zellige: runs to paint: %d, in about %s\n", p.runs, formatDuration(left))
	return nil
}
