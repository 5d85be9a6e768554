package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"io"
	goruntime "runtime"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"zellige"
)

func doctorCommand() *cli.Command {
	v := &doctorFlags{}
	return &cli.Command{
		Name:      "doctor",
		Usage:     "check the library, the model and the speed, and say what to do about what is wrong",
		UsageText: "zellige doctor [flags]",
		Flags:     v.network.flags(),
		Action:    v.examine,
	}
}

type doctorFlags struct{ network networkFlags }

func (v *doctorFlags) examine(c *cli.Context) error {
	if err := checkArguments(c); err != nil {
		return err
	}
	config, err := v.network.config()
	if err != nil {
		return err
	}
	e := &examination{w: c.App.Writer}
	e.tell("program", "zellige %s, %s %s/%s", programVersion(), goruntime.Version(), goruntime.GOOS, goruntime.GOARCH)
	n, modelErr := v.network.read()
	if modelErr != nil {
		e.problem("model", modelErr)
		n = &network{config: config} // the embedded model shows whether the library works
	} else {
		e.model(n)
	}
	if opened := e.library(n); opened != nil {
		e.tell("threads", "%d on %d processors", opened.Threads(), goruntime.NumCPU())
		if modelErr == nil {
			e.speed(c.Context, opened)
		}
		if err := opened.Close(); err != nil {
			e.problem("library", err)
		}
	}
	if err := c.Context.Err(); err != nil {
		return err
	}
	return e.verdict()
}

// examination prints what it finds and counts the problems.
type examination struct {
	w        io.Writer
	problems int
}

func (e *examination) tell(subject, format string, args ...any) {
	fmt.Fprintf(e.w, "%-8s %s\n", subject, fmt.Sprintf(format, args...))
}

func (e *examination) problem(subject string, err error) {
	e.problems++
	e.tell(subject, "PROBLEM: %s", message(err))
	if hint := hintOf(err); hint != "" {
		e.tell("", "hint: %s", hint)
	}
}

func (e *examination) verdict() error {
	switch e.problems {
	case 0:
		e.tell("verdict", "all is well")
		return nil
	case 1:
		return errors.New("1 problem found")
	}
	return fmt.Errorf("%d problems found", e.problems)
}

func (e *examination) model(n *network) {
	e.tell("model", "%d layers, %.1f MB, exporter %s, sha256 %x",
		len(n.info.Layers), float64(len(n.config.Model))/1e6, n.info.Exporter, sha256.Sum256(n.config.Model))
	e.tell("weights", "%s, sha256 %s", n.info.Weights.Source, n.info.Weights.SHA256)
}

// library returns the opened network, or nil.
func (e *examination) library(n *network) *zellige.Network {
	opened, err := n.open()
	if err != nil {
		e.problem("library", err)
		return nil
	}
	path, version := opened.Library()
	e.tell("library", "%s, version %s", path, version)
	return &opened
}

// speed times one step of the default objective.
func (e *examination) speed(ctx context.Context, m zellige.Model) {
	const side, warmup, steps = 192, 2, 7
	o := zellige.DefaultOptions()
	o.ImageSize, o.StyleSize, o.Scales, o.Iterations = side, side, 1, warmup+steps+1
	var times []time.Duration
	var last time.Duration
	o.Progress = func(s zellige.Step) {
		if s.Iteration > warmup {
			times = append(times, s.Elapsed-last)
		}
		last = s.Elapsed
	}
	stripes := stripes(side)
	if _, err := zellige.Transfer(ctx, m, zellige.Pictures{Content: stripes, Style: stripes}, o); err != nil {
		e.problem("speed", err)
		return
	}
	slices.Sort(times)
	e.tell("speed", "%d ms for a step of the default objective at %dx%d pixels (median of %d)",
		times[len(times)/2].Milliseconds(), side, side, len(times))
}

// stripes is a picture to work on when any will do.
func stripes(side int) image.Image {
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = uint8(i % side * 5)
	}
	return img
}
