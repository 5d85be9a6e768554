package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

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

func newProgress(to messages, others following) progress {
	if to.quiet {
		return silence{}
	}
	if f := terminalOf(to.w); f != nil {
		return &bar{terminal: f, messages: to, clock: clock{others: others}}
	}
	return &lines{messages: to, clock: clock{others: others}}
}

// clock foresees how long a picture and those that follow take yet.
type clock struct {
	forecast.Pace
	elapsed time.Duration
	others  following
}

func (c *clock) Step(s zellige.Step) {
	c.Pace.Step(s)
	c.elapsed = s.Elapsed
}

// left is ", 2m5s left", or "" if that is not known or nothing is.
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
	return fmt.Sprintf(", %s left", formatDuration(left))
}

type silence struct{}

func (silence) step(zellige.Step) {}
func (silence) stop()             {}

// lineEvery is how long lines says nothing at most.
const lineEvery = 10 * time.Second

// lines prints the first two steps, the last one, and about every tenth between; of one
// of several pictures just something now and then.
type lines struct {
	messages
	last zellige.Step // that was printed
	clock
}

func (l *lines) step(s zellige.Step) {
	const parts = 10
	l.clock.Step(s)
	done := s.Iteration + 1
	isNewPart := done*parts/s.Iterations > (l.last.Iteration+1)*parts/s.Iterations
	if (s.Iteration > 1 && !isNewPart || l.about != "") && s.Elapsed-l.last.Elapsed < lineEvery {
		return
	}
	l.last = s
	l.print(l.about + fmt.Sprintf("iteration %d/%d, %s%s", done, s.Iterations, lossesInFull(s.Losses), l.left()))
}

func (*lines) stop() {}

// redrawEvery is how long the bar stays as it is.
const redrawEvery = 200 * time.Millisecond

// bar is a line of the terminal that is drawn again and again and cleared at
// the end.
type bar struct {
	terminal *os.File
	messages
	bar   *progressbar.ProgressBar
	drawn time.Time
	clock
}

func (b *bar) step(s zellige.Step) {
	b.clock.Step(s)
	if b.bar == nil {
		b.bar = newBar(b.terminal, s.Iterations, progressbar.OptionShowCount(), progressbar.OptionSetElapsedTime(true))
	} else if time.Since(b.drawn) < redrawEvery {
		return
	}
	b.drawn = time.Now()
	b.bar.Describe(b.describe(s.Losses))
	_ = b.bar.Set(s.Iteration + 1) // fails for numbers out of range only
}

func (b *bar) stop() {
	if b.bar != nil {
		_ = b.bar.Clear() // nobody to tell if the terminal is gone
	}
}

// barWidth is what the bar itself takes; it shrinks on narrow terminals.
const barWidth = 16

func newBar(terminal *os.File, length int, more ...progressbar.Option) *progressbar.ProgressBar {
	return progressbar.NewOptions(length, append([]progressbar.Option{
		progressbar.OptionSetWriter(terminal),
		progressbar.OptionSetWidth(barWidth),
		progressbar.OptionSetTheme(progressbar.ThemeASCII),
		progressbar.OptionSetPredictTime(false), // scales have paces of their own
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionClearOnFinish(),
	}, more...)...)
}

// terminalOf is nil if w is not a terminal.
func terminalOf(w io.Writer) *os.File {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// columns is the width of a terminal, 80 if it does not tell.
func columns(terminal *os.File) int {
	width, _, err := term.GetSize(int(terminal.Fd()))
	if err != nil {
		return 80
	}
	return width
}

// describe says as much of the losses as the terminal has room for, and how long
// it takes yet.
func (b *bar) describe(v losses.Values) string {
	left := b.left()
	return b.about + strings.TrimPrefix(lossesWithin(v, columns(b.terminal)-len(b.about)-len(left))+left, ", ")
}

// lossesWithin is the longest text that fits into a line of width columns. The
// bar gives way for it, but never for the words in full.
func lossesWithin(v losses.Values, width int) string {
	const numbers = 30 // columns of percentage, count and time
	switch full, short, total := lossesInFull(v), lossesInShort(v), "loss "+formatLoss(v.Total()); {
	case numbers+barWidth+len(full) <= width:
		return full
	case numbers+len(short) <= width:
		return short
	case numbers+len(total) <= width:
		return total
	}
	return ""
}

// lossesInFull is the total and its parts.
func lossesInFull(v losses.Values) string { return formatLosses(v, "content", "style", "match") }

// lossesInShort is the same in fewer columns.
func lossesInShort(v losses.Values) string { return formatLosses(v, "c", "s", "m") }

func formatLosses(v losses.Values, content, style, match string) string {
	text := "loss " + formatLoss(v.Total()) + " ("
	if len(v.Content) > 0 {
		text += content + " " + formatLoss(v.ContentSum()) + ", "
	}
	if len(v.Style) > 0 {
		text += style + " " + formatLoss(v.StyleSum()) + ", "
	}
	if len(v.Match) > 0 {
		text += match + " " + formatLoss(v.MatchSum()) + ", "
	}
	return text + "tv " + formatLoss(v.TV) + ")"
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
