package main

import (
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/forecast"
)

// memoryFlags are of commands that work at one picture; how says by what a limit is
// kept.
func memoryFlags(how string) []cli.Flag {
	return []cli.Flag{maxMemoryFlag(how), &cli.BoolFlag{Category: networkCategory, Name: "force", DisableDefaultText: true,
		Usage: "go on even if that takes more memory than is allowed or free"}}
}

// Ways to keep a limit.
const (
	byPieces  = "by pieces smaller than --piece and, if it must be, by --lean; otherwise as much as is free"
	byRefusal = "or refuse; otherwise as much as is free"
)

func maxMemoryFlag(how string) cli.Flag {
	return &cli.StringFlag{Category: networkCategory, Name: "max-memory", Usage: "use no more memory than `SIZE`, such as 512MiB or 4GiB, " + how}
}

// limitMemory makes the pieces of a picture so small that it can be painted in the
// memory allowed or, if none was named, free. Go is told to collect its garbage
// before the two together take more.
func limitMemory(c *cli.Context, p *zellige.Plan) (*zellige.Plan, error) {
	limit, err := memoryLimit(c)
	if err != nil {
		return nil, err
	}
	p, err = forecast.Fit(p, limit)
	if err = tooLittleMemory(c, err); err != nil || !c.IsSet("max-memory") {
		return p, err
	}
	if needed := forecast.MemoryOf(p); needed.Total <= limit { // else --force
		debug.SetMemoryLimit(limit - needed.Outside)
	}
	return p, nil
}

// checkMemory checks a plan as it is against the memory that is allowed or, if none
// was named, free.
func checkMemory(c *cli.Context, p *zellige.Plan) error {
	limit, err := memoryLimit(c)
	if err != nil {
		return err
	}
	return tooLittleMemory(c, forecast.Check(p, limit))
}

// tooLittleMemory says in the command's words that a plan takes too much memory. It
// is no error if the user wants to try all the same. Other errors pass.
func tooLittleMemory(c *cli.Context, err error) error {
	why := forecast.IsTooLarge(err)
	if why == nil {
		return err
	}
	err = &zellige.OptionError{Field: "max-memory", Reason: why.Reason()}
	if !c.IsSet("max-memory") {
		err = fmt.Errorf("the free memory %s", why.Reason()) // nobody named a wrong limit
	}
	if !c.Bool("force") {
		return &hintedError{err, "--force goes on all the same"}
	}
	if !c.Bool("quiet") {
		warn(c, message(err))
	}
	return nil
}

// memoryLimit is in bytes.
func memoryLimit(c *cli.Context) (int64, error) {
	if !c.IsSet("max-memory") {
		return min(availableMemory(), addressSpace()), nil
	}
	text := c.String("max-memory")
	bytes, err := humanize.ParseBytes(text)
	if err != nil || bytes == 0 || bytes > math.MaxInt64 {
		return 0, &zellige.OptionError{Field: "max-memory", Reason: fmt.Sprintf("is %q, must be a size such as 512MiB or 4GiB", text)}
	}
	return int64(bytes), nil
}

// availableMemory is how many bytes can be used without anything being swapped
// out, where the system tells.
func availableMemory() int64 {
	data, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return math.MaxInt64
	}
	for line := range strings.Lines(string(data)) {
		var kibibytes int64
		if n, _ := fmt.Sscanf(line, "MemAvailable: %d kB", &kibibytes); n == 1 {
			return kibibytes << 10
		}
	}
	return math.MaxInt64
}
