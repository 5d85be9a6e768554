package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/dustin/go-humanize"

	"zellige"
	"zellige/forecast"
	"zellige/losses"
)

// announce says what is begun, and what memory and time it takes, alone and with so many
// other pictures like it. It returns the speed that it measured.
func announce(ctx context.Context, m zellige.Model, p *zellige.Plan, others int, to *messages) (forecast.Speed, error) {
	if to.quiet {
		return 0, nil
	}
	speed, err := forecast.MeasureSpeed(ctx, m)
	if err != nil {
		return 0, err
	}
	left, all := speed.Time(forecast.Work(p)), ""
	if others > 0 {
		all = fmt.Sprintf(", with those that follow in about %s", formatDuration(left*time.Duration(1+others)))
	}
	to.say("painting %dx%d pixels in %d iterations, with about %s of memory, in about %s%s",
		p.Working.X, p.Working.Y, p.Options.Iterations, humanize.IBytes(uint64(forecast.MemoryOf(p).Total)), formatDuration(left), all)
	return speed, nil
}

// progress tells how far a picture is.
type progress struct {
	*messages
	canvas *canvas
	forecast.Workload
	stage int           // of the step that was printed last
	told  time.Duration // when
	tenth int           // of the work, then
}

func (p *progress) step(s zellige.Step) {
	p.canvas.step(s, p.Note(s))
	if p.about != "" {
		p.view.Doing(p.about + timeLeft(&p.Workload))
	}
	switch {
	case p.terminal != nil:
		p.draw(s)
	case !p.quiet:
		p.line(s)
	}
}

// draw draws the status, and prints a line for each scale that begins: its losses are not
// those of the scale before.
func (p *progress) draw(s zellige.Step) {
	if scale := scaleInFull(s); scale != "" && s.Iteration == s.Plan.Stages[s.Stage].From && p.about == "" {
		p.print(fmt.Sprintf("%s, its loss begins at %s", scale, formatLoss(s.Losses.Total())))
	}
	p.status(p.Share(), p.about+p.rest(s), fmt.Sprintf("%d/%d", s.Iteration+1, s.Iterations), scaleInShort(s), "loss "+formatLoss(s.Losses.Total()))
}

// line prints the first two steps, the first of each scale, the last one, and about every
// tenth of the work between; of one of several pictures just something now and then.
func (p *progress) line(s zellige.Step) {
	done, tenth := s.Iteration+1, int(10*p.Share())
	isWorthALine := s.Iteration < 2 || tenth > p.tenth || s.Stage != p.stage || done == s.Iterations
	if (!isWorthALine || p.about != "") && s.Elapsed-p.told < lineEvery {
		return
	}
	p.stage, p.told, p.tenth = s.Stage, s.Elapsed, tenth
	p.print(p.about + joined(fmt.Sprintf("iteration %d/%d", done, s.Iterations), scaleInFull(s), lossesInFull(s.Losses), p.rest(s)))
}

// rest is the time left, and what it is for when the last step is done.
func (p *progress) rest(s zellige.Step) string {
	left := timeLeft(&p.Workload)
	if left != "" && s.Iteration+1 == s.Iterations && p.about == "" {
		return "last marks, " + left
	}
	return left
}

// scaleOf counts the sizes of a plan from 1; a size may have two stages.
func scaleOf(s zellige.Step) (number, count int) {
	for i, stage := range s.Plan.Stages {
		if i == 0 || stage.Size != s.Plan.Stages[i-1].Size {
			count++
		}
		if i == s.Stage {
			number = count
		}
	}
	return number, count
}

// scaleInShort is "scale 2/5", or "" if there is but one.
func scaleInShort(s zellige.Step) string {
	number, count := scaleOf(s)
	if count == 1 {
		return ""
	}
	return fmt.Sprintf("scale %d/%d", number, count)
}

// scaleInFull is "scale 2 of 5 (268x192)", or "" if there is but one stage.
func scaleInFull(s zellige.Step) string {
	number, count := scaleOf(s)
	if len(s.Plan.Stages) == 1 {
		return ""
	}
	stage, refined := &s.Plan.Stages[s.Stage], ""
	if stage.Refines {
		refined = ", refined"
	}
	return fmt.Sprintf("scale %d of %d (%dx%d%s)", number, count, stage.Width, stage.Height, refined)
}

// lossesInFull is the total and its parts.
func lossesInFull(v losses.Values) string {
	all, parts := shownLosses(v), []string{}
	for _, l := range all[1:] {
		parts = append(parts, l.Name+" "+formatLoss(l.Value))
	}
	return fmt.Sprintf("loss %s (%s)", formatLoss(all[0].Value), joined(parts...))
}

// formatLoss gives whole numbers where there are digits enough.
func formatLoss(x float64) string {
	if x >= 1e3 && x < 1e9 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// timeLeft is "2m5s left" of a run or of all, or "" if that is not known or nothing is.
func timeLeft(w interface{ Left() (time.Duration, bool) }) string {
	left, known := w.Left()
	if !known || left <= 0 {
		return ""
	}
	return formatDuration(left) + " left"
}

// formatDuration is 4.1 s, then 2m5s.
func formatDuration(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}
