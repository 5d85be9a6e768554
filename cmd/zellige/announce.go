package main

import (
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/forecast"
)

// announce says what is begun, and what memory and time it takes.
func announce(c *cli.Context, m zellige.Model, p *zellige.Plan) error {
	if c.Bool("quiet") {
		return nil
	}
	speed, err := forecast.MeasureSpeed(c.Context, m)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.App.ErrWriter, "zellige: painting %dx%d pixels in %d iterations, with about %s of memory, in about %s\n",
		p.Working.X, p.Working.Y, p.Options.Iterations, humanize.IBytes(uint64(forecast.MemoryOf(p).Total)), formatDuration(speed.Time(forecast.Work(p))))
	return nil
}
