package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"zellige/internal/experiment"
)

// runDisplay tells how far the runs of a plan are: a bar for all of them on a
// terminal, and a line for each that begins or ends.
type runDisplay struct {
	messages
	plan     *experiment.Plan
	terminal *os.File // nil if messages go elsewhere
	wall     map[*experiment.Planned]*canvas
	bar      *progressbar.ProgressBar
	drawn    time.Time
	load     *workload
	finished int // with those that were done before
	painted  int
	left     int // to other processes
	failures []string
}

func newRunDisplay(m messages, plan *experiment.Plan) *runDisplay {
	pending := plan.Pending()
	d := &runDisplay{messages: m, plan: plan, drawn: time.Now(), load: newWorkload(pending), finished: len(plan.Runs) - len(pending), wall: newWall(m.view, plan)}
	if !m.quiet {
		d.terminal = terminalOf(m.w)
	}
	return d
}

// event has the signature of [experiment.Runner.Tell].
func (d *runDisplay) event(e experiment.Event) {
	d.load.event(e)
	d.show(e)
	switch e.Kind {
	case experiment.Started:
		if e.Iteration > 0 {
			d.say("%s goes on at iteration %d of %d", e.Run.Name, e.Iteration, e.Run.Options.Iterations)
		}
	case experiment.Stepped:
		d.draw(e)
	case experiment.Warned:
		d.say("warning: %s: %s", e.Run.Name, e.Text)
	case experiment.Waiting:
		d.say("%s is being painted by another process, waiting", e.Run.Name)
	case experiment.Left:
		d.left++
		d.say("%s is being painted by another process, left to it", e.Run.Name)
	case experiment.Skipped:
		d.finished++
		d.say("%s was painted by another process%s", d.numbered(e.Run), d.load.left())
	case experiment.Finished:
		d.finished++
		d.painted++
		m := e.Manifest
		d.say("%s: %d iterations in %s, loss %s -> %s%s", d.numbered(e.Run), m.Iterations, formatDuration(seconds(m.Seconds)),
			formatLoss(float64(m.Losses.First.Total)), formatLoss(float64(m.Losses.Last.Total)), d.load.left())
	case experiment.Failed:
		why := fmt.Sprintf("%s: %s", e.Run.Name, strings.ReplaceAll(e.Err.Error(), "\n", "; "))
		d.failures = append(d.failures, why)
		d.say("failed: %s", why)
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// numbered is a run's name behind how many are done.
func (d *runDisplay) numbered(r *experiment.Planned) string {
	return fmt.Sprintf("%d/%d %s", d.finished, len(d.plan.Runs), r.Name)
}

// say prints a line, above the bar if there is one.
func (d *runDisplay) say(format string, args ...any) {
	if d.bar != nil {
		_ = d.bar.Clear() // nobody to tell if the terminal is gone
	}
	d.messages.say(format, args...)
}

// draw draws the bar, or without a terminal prints a line, not too often.
func (d *runDisplay) draw(e experiment.Event) {
	if d.terminal == nil {
		if time.Since(d.drawn) >= lineEvery {
			d.drawn = time.Now()
			d.print(d.inFull(e))
		}
		return
	}
	if time.Since(d.drawn) < redrawEvery {
		return
	}
	if d.bar == nil {
		d.bar = newBar(d.terminal, barSteps, progressbar.OptionSetElapsedTime(false))
	}
	d.drawn = time.Now()
	d.bar.Describe(d.describe(e))
	_ = d.bar.Set(int(barSteps * d.load.share())) // fails for numbers out of range only
}

// barSteps is the length of the bar in its own units: a thousandth each.
const barSteps = 1000

// describe says as much as the terminal has room for.
func (d *runDisplay) describe(e experiment.Event) string {
	const others = barWidth + 10 // what the bar and the numbers beside it take
	if long := d.inFull(e); len(long) <= columns(d.terminal)-others {
		return long
	}
	return d.inShort()
}

// inShort says how many runs are done and how long the others take.
func (d *runDisplay) inShort() string {
	return fmt.Sprintf("%d/%d runs%s", d.finished, len(d.plan.Runs), d.load.left())
}

func (d *runDisplay) inFull(e experiment.Event) string {
	return fmt.Sprintf("%s, %s %d/%d, loss %s", d.inShort(), e.Run.Name, e.Iteration+1, e.Run.Options.Iterations, formatLoss(e.Step.Losses.Total()))
}

// close clears the bar and says how it ended.
func (d *runDisplay) close() {
	if d.bar != nil {
		_ = d.bar.Clear()
		d.bar = nil
	}
	if d.finished == len(d.plan.Runs) {
		d.say("%d of %d runs are done in %s, %d of them now", d.finished, len(d.plan.Runs), d.plan.Folder, d.painted)
	} else if d.left > 0 {
		d.say("%d of %d runs are done in %s, %d of them now; %d are left to other processes", d.finished, len(d.plan.Runs), d.plan.Folder, d.painted, d.left)
	}
}
