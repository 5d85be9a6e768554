package main

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"

	"zellige"
	"zellige/forecast"
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
