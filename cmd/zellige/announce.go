package main

import (
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"zellige"
)

// announce says what is begun, and what memory and time it takes.
func (n *network) announce(c *cli.Context, m zellige.Model, p zellige.Pictures, o *zellige.Options) error {
	if c.Bool("quiet") {
		return nil
	}
	size, err := o.WorkingSize(p)
	if err != nil {
		return err
	}
	memory, err := o.Memory(n.info, p)
	if err != nil {
		return err
	}
	work, err := o.Work(n.info, p)
	if err != nil {
		return err
	}
	speed, err := zellige.MeasureSpeed(c.Context, m)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.App.ErrWriter, "zellige: painting %dx%d pixels in %d iterations, with about %s of memory, in about %s\n",
		size.X, size.Y, o.Iterations, humanize.IBytes(uint64(memory.Total)), formatDuration(speed.Time(work)))
	return nil
}
