package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"zellige"
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
func (n *network) limitMemory(c *cli.Context, o *zellige.Options, p zellige.Pictures) error {
	if err := checkMemory(c, func(limit int64) error { return o.LimitMemory(n.info, p, limit) }); err != nil {
		return err
	}
	limit, err := memoryLimit(c)
	if err != nil || !c.IsSet("max-memory") {
		return err
	}
	needed, err := o.Memory(n.info, p)
	if err == nil && needed.Total <= limit { // else --force
		debug.SetMemoryLimit(limit - needed.Outside)
	}
	return err
}

// checkMemory returns the error of a check against the memory that is allowed or, if
// none was named, free, unless the user wants to try all the same.
func checkMemory(c *cli.Context, check func(limit int64) error) error {
	limit, err := memoryLimit(c)
	if err != nil {
		return err
	}
	err = check(limit)
	var option *zellige.OptionError
	if errors.As(err, &option) && option.Field == "max-memory" {
		return tooLittleMemory(c, option)
	}
	return err
}

// tooLittleMemory is no error if the user wants to try all the same.
func tooLittleMemory(c *cli.Context, why *zellige.OptionError) error {
	var err error = why
	if !c.IsSet("max-memory") {
		err = fmt.Errorf("the free memory %s", why.Reason) // nobody named a wrong limit
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
