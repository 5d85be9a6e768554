package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zellige"
	"zellige/forecast"
	"zellige/losses"
)

// progress tells how far a picture is.
type progress interface {
	step(zellige.Step)
	stop() // leaves the cursor at the beginning of a line
}

// following are the pictures to paint behind the one at work.
type following struct {
	pictures int
	each     time.Duration // that one takes; 0 if none was painted yet
}

func newProgress(to messages, c clock) progress {
	if to.quiet {
		return silence{}
	}
	if s := newStatus(to.w); s.w != nil {
		return &bar{status: s, messages: to, clock: c}
	}
	return &lines{messages: to, clock: c}
}

// clock foresees how long a picture and those that follow take yet.
type clock struct {
	forecast.Pace
	elapsed time.Duration
	others  following
}

func (c *clock) Note(s zellige.Step) {
	c.Pace.Note(s)
	c.elapsed = s.Elapsed
}

// left is "2m5s left", or "" if that is not known or nothing is.
func (c *clock) left() string {
	left, known := c.Pace.Left()
	each := c.others.each
	if each == 0 {
		each = c.elapsed + left
	}
	left += time.Duration(c.others.pictures) * each
	if !known || left == 0 {
		return ""
	}
	return formatDuration(left) + " left"
}

type silence struct{}

func (silence) step(zellige.Step) {}
func (silence) stop()             {}

// lineEvery is how long lines says nothing at most.
const lineEvery = 10 * time.Second

// lines prints the first two steps, the first of each scale, the last one, and about
// every tenth of the work between; of one of several pictures just something now and then.
type lines struct {
	messages
	stage   int           // of the step that was printed last
	printed time.Duration // when
	tenth   int           // of the work, then
	clock
}

func (l *lines) step(s zellige.Step) {
	l.clock.Note(s)
	done, tenth := s.Iteration+1, int(10*l.Share())
	isWorthALine := s.Iteration < 2 || tenth > l.tenth || s.Stage != l.stage || done == s.Iterations
	if (!isWorthALine || l.about != "") && s.Elapsed-l.printed < lineEvery {
		return
	}
	l.stage, l.printed, l.tenth = s.Stage, s.Elapsed, tenth
	l.print(l.about + joined(fmt.Sprintf("iteration %d/%d", done, s.Iterations), scaleInFull(s), lossesInFull(s.Losses), l.left()))
}

func (*lines) stop() {}

// joined leaves out what is empty.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// bar is a status line, and a line for each scale that begins: its losses are not those
// of the scale before.
type bar struct {
	status
	messages
	clock
}

func (b *bar) step(s zellige.Step) {
	if scale := scaleInFull(s); scale != "" && s.Iteration == s.Plan.Stages[s.Stage].From && b.about == "" {
		b.clear()
		b.print(fmt.Sprintf("%s, its loss begins at %s", scale, formatLoss(s.Losses.Total())))
	}
	b.clock.Note(s)
	if b.isDue() {
		b.draw(b.Share(), b.about+b.left(), fmt.Sprintf("%d/%d", s.Iteration+1, s.Iterations), scaleInShort(s), "loss "+formatLoss(s.Losses.Total()))
	}
}

func (b *bar) stop() { b.clear() }

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

// formatDuration is 4.1 s, then 2m5s.
func formatDuration(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}
