package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"zellige/forecast"
	"zellige/internal/experiment"
	"zellige/internal/record"
	"zellige/internal/view"
)

// runDisplay tells how far the runs of a plan are: a bar for all of them on a
// terminal, and a line for each that begins or ends.
type runDisplay struct {
	*messages
	plan     *experiment.Plan
	wall     map[*experiment.Planned]*canvas
	load     forecast.Workload
	began    time.Time
	runs     map[*experiment.Planned]*forecast.Run // that were pending
	finished int                                   // with those that were done before
	painted  int
	left     int // to other processes
	failures []string
}

func newRunDisplay(m *messages, plan *experiment.Plan, needs *planNeeds) *runDisplay {
	pending := plan.Pending()
	d := &runDisplay{messages: m, plan: plan, wall: newWall(m.view, plan), began: time.Now(),
		runs: map[*experiment.Planned]*forecast.Run{}, finished: len(plan.Runs) - len(pending)}
	for _, r := range pending {
		n := needs.of(r)
		d.runs[r] = d.load.Add(n.work, n.end)
	}
	return d
}

// event has the signature of [experiment.Runner.Tell].
func (d *runDisplay) event(e experiment.Event) {
	r, at := d.runs[e.Run], time.Since(d.began)
	switch e.Kind {
	case experiment.Started:
		if e.Iteration > 0 {
			d.say("%s goes on at iteration %d of %d", e.Run.Name, e.Iteration, e.Run.Options.Iterations)
		}
	case experiment.Stepped:
		r.Step(e.Step, at)
		d.status(d.load.Share(), timeLeft(&d.load), d.counted(), fmt.Sprintf("%s %d/%d", e.Run.Name, e.Iteration+1, e.Run.Options.Iterations),
			"loss "+formatLoss(e.Step.Losses.Total()))
	case experiment.Warned:
		d.say("warning: %s: %s", e.Run.Name, flagNamed(e.Text))
	case experiment.Postponed:
		r.Elsewhere(at)
	case experiment.Waiting:
		d.say("%s is being painted by another process, waiting", e.Run.Name)
	case experiment.Left:
		r.Elsewhere(at)
		d.left++
		d.say("%s is being painted by another process, left to it", e.Run.Name)
	case experiment.Skipped:
		r.Elsewhere(at)
		d.finished++
		d.say("%s", joined(d.numbered(e.Run)+" was painted by another process", timeLeft(&d.load)))
	case experiment.Finished:
		r.End(at)
		d.finished++
		d.painted++
		m := e.Manifest
		d.say("%s", joined(fmt.Sprintf("%s: %d iterations in %s", d.numbered(e.Run), m.Iterations, formatDuration(seconds(m.Seconds))),
			fmt.Sprintf("loss %s -> %s", formatLoss(float64(m.Losses.First.Total)), formatLoss(float64(m.Losses.Last.Total))), timeLeft(&d.load)))
	case experiment.Failed:
		r.End(at)
		why := fmt.Sprintf("%s: %s", e.Run.Name, flagNamed(strings.ReplaceAll(e.Err.Error(), "\n", "; ")))
		d.failures = append(d.failures, why)
		d.say("failed: %s", why)
	}
	d.show(e)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// numbered is a run's name behind how many are done.
func (d *runDisplay) numbered(r *experiment.Planned) string {
	return fmt.Sprintf("%d/%d %s", d.finished, len(d.plan.Runs), r.Name)
}

// counted says how many runs are done.
func (d *runDisplay) counted() string { return fmt.Sprintf("%d/%d runs", d.finished, len(d.plan.Runs)) }

// close clears the bar and says how it ended.
func (d *runDisplay) close() {
	d.clear()
	state := fmt.Sprintf("%d of %d runs are done in %s", d.finished, len(d.plan.Runs), d.plan.Folder)
	switch {
	case d.finished == len(d.plan.Runs) && len(d.runs) == 0:
		d.say("nothing to do: %s", state)
	case d.finished == len(d.plan.Runs):
		d.say("%s, %d of them now", state, d.painted)
	case d.left > 0:
		d.say("%s, %d of them now; %d are left to other processes", state, d.painted, d.left)
	}
}

// outcome says in one error how a plan ended.
func (d *runDisplay) outcome(err error) error {
	switch {
	case errors.Is(err, context.Canceled) && len(d.failures) > 0:
		return &interruptedError{fmt.Sprintf("after %d of %d runs, and %s", d.finished, len(d.plan.Runs), d.failed())}
	case errors.Is(err, context.Canceled):
		return &interruptedError{fmt.Sprintf("after %d of %d runs; the same command goes on from there", d.finished, len(d.plan.Runs))}
	case experiment.IsFull(err):
		return &hintedError{fmt.Errorf("the disk is full after %d of %d runs, and the others were not begun; %s", d.finished, len(d.plan.Runs), d.failed()),
			"make room and run the same command again; it goes on from there"}
	case err != nil:
		return errors.New(d.failed())
	}
	return nil
}

// failed tells of the first failures.
func (d *runDisplay) failed() string {
	return fmt.Sprintf("%d of %d runs failed: %s", len(d.failures), len(d.plan.Runs), firstFew(d.failures))
}

// newWall shows the pictures of all runs of a plan.
func newWall(s *view.Server, plan *experiment.Plan) map[*experiment.Planned]*canvas {
	wall := map[*experiment.Planned]*canvas{}
	for _, r := range plan.Runs {
		wall[r] = newCanvas(s, r.Name, r.Sources, nil)
		if r.Status == experiment.Done {
			wall[r].end(resultOf(r), nil, false)
		}
	}
	return wall
}

func resultOf(r *experiment.Planned) string { return filepath.Join(r.Folder, record.PictureFile) }

// show shows on the wall what happens to a run.
func (d *runDisplay) show(e experiment.Event) {
	c := d.wall[e.Run]
	if c == nil {
		return
	}
	switch e.Kind {
	case experiment.Stepped:
		c.step(e.Step, d.runs[e.Run])
	case experiment.Finished, experiment.Skipped:
		c.end(resultOf(e.Run), nil, false)
	case experiment.Stopped:
		c.Stopped(nil)
	case experiment.Failed:
		c.Failed()
	}
	d.view.Doing(joined(d.counted(), timeLeft(&d.load)))
}
