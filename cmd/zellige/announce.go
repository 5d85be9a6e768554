package main

import (
	"context"

	"github.com/dustin/go-humanize"

	"zellige"
	"zellige/forecast"
)

// announce says what is begun, and what memory and time it takes.
func announce(ctx context.Context, m zellige.Model, p *zellige.Plan, to messages) error {
	if to.quiet {
		return nil
	}
	speed, err := forecast.MeasureSpeed(ctx, m)
	if err != nil {
		return err
	}
	to.say("painting %dx%d pixels in %d iterations, with about %s of memory, in about %s",
		p.Working.X, p.Working.Y, p.Options.Iterations, humanize.IBytes(uint64(forecast.MemoryOf(p).Total)), formatDuration(speed.Time(forecast.Work(p))))
	return nil
}
