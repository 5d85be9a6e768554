package main

import (
	"fmt"
	"math"
	"runtime/debug"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/forecast"
	"zellige/internal/machine"
	"zellige/internal/parameter"
)

// memoryFlags say how much memory may be used.
type memoryFlags struct {
	size  string
	force bool // of commands that work at one picture
}

// flags are of commands that work at one picture; how says by what a limit is kept.
func (v *memoryFlags) flags(how string) []cli.Flag {
	return []cli.Flag{v.sizeFlag(how), &cli.BoolFlag{Category: networkCategory, Name: "force", Destination: &v.force, DisableDefaultText: true,
		Usage: "go on even if that takes more memory than is allowed or free"}}
}

// Ways to keep a limit.
const (
	byPieces  = "by pieces smaller than --piece and, if it must be, by --lean; otherwise as much as is free"
	byRefusal = "or refuse; otherwise as much as is free"
)

func (v *memoryFlags) sizeFlag(how string) cli.Flag {
	return &cli.StringFlag{Category: networkCategory, Name: "max-memory", Destination: &v.size, Usage: "use no more memory than `SIZE`, such as 512MiB or 4GiB, " + how}
}

// isNamed reports whether the user named a limit, be it one that is refused.
func (v *memoryFlags) isNamed(c *cli.Context) bool { return c.IsSet("max-memory") }

// fit makes the pieces of a picture so small that it can be painted in the
// memory allowed or, if none was named, free. Go is told to collect its garbage
// before the two together take more.
func (v *memoryFlags) fit(c *cli.Context, p *zellige.Plan, m *messages) (*zellige.Plan, error) {
	limit, err := v.limit(c)
	if err != nil {
		return nil, err
	}
	p, err = forecast.Fit(p, limit)
	if err = v.tooLittle(c, err, m); err != nil || !v.isNamed(c) {
		return p, err
	}
	if needed := forecast.MemoryOf(p); needed.Total <= limit { // else --force
		debug.SetMemoryLimit(limit - needed.Outside)
	}
	return p, nil
}

// check checks a plan as it is against the memory that is allowed or, if none
// was named, free.
func (v *memoryFlags) check(c *cli.Context, p *zellige.Plan, m *messages) error {
	limit, err := v.limit(c)
	if err != nil {
		return err
	}
	return v.tooLittle(c, forecast.Check(p, limit), m)
}

// tooLittle says in the command's words that a plan takes too much memory. It
// is no error if the user wants to try all the same. Other errors pass.
func (v *memoryFlags) tooLittle(c *cli.Context, err error, m *messages) error {
	why := forecast.IsTooLarge(err)
	if why == nil {
		return err
	}
	hinted := v.inWords(c, why)
	if !v.force {
		return hinted
	}
	if !m.quiet {
		m.warn(message(hinted.error))
	}
	return nil
}

// inWords names the limit that a plan exceeds: nobody named a wrong one unless by the flag.
func (v *memoryFlags) inWords(c *cli.Context, why *forecast.TooLargeError) *hintedError {
	const force = "--force goes on all the same"
	switch {
	case v.isNamed(c):
		return &hintedError{&parameter.Error{Name: "max-memory", Reason: why.Reason()}, force}
	case addressSpace() < machine.FreeMemory(machine.System):
		return &hintedError{fmt.Errorf("the memory that the limited address space leaves %s", why.Reason()), "raise the limit (ulimit -v unlimited)"}
	}
	return &hintedError{fmt.Errorf("the free memory %s", why.Reason()), force}
}

// limit is in bytes: what the user named, else what is free.
func (v *memoryFlags) limit(c *cli.Context) (int64, error) {
	if !v.isNamed(c) {
		return min(machine.FreeMemory(machine.System), addressSpace()), nil
	}
	bytes, err := humanize.ParseBytes(v.size)
	if err != nil || bytes == 0 || bytes > math.MaxInt64 {
		return 0, &parameter.Error{Name: "max-memory", Reason: fmt.Sprintf("is %q, must be a size such as 512MiB or 4GiB", v.size)}
	}
	return int64(bytes), nil
}
