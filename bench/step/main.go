// Step times the steps of the lab's style transfer, or of another preset's, in one
// process and prints them as JSON, as bench/lab.py does for PyTorch.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	goruntime "runtime"
	"time"

	"zellige"
	"zellige/internal/parameter"
	"zellige/picture"
	"zellige/runtime"
)

// timings are what bench/compare.py reads. Times are in seconds.
type timings struct {
	Height    int       `json:"height"`
	Width     int       `json:"width"`
	Began     float64   `json:"began"`   // when the loop began, since 1970
	Steps     []float64 `json:"steps"`   // each step of the loop, from the evaluation before to its own
	Network   []float64 `json:"network"` // the part of each that ONNX Runtime took
	Stages    []int     `json:"stages"`  // of the plan, that each belongs to
	FirstLoss float64   `json:"first_loss"`
}

func main() {
	o, err := zellige.Preset("lab")
	if err != nil {
		panic(err)
	}
	content := flag.String("content", "", "picture to paint")
	style := flag.String("style", "", "picture to paint it like")
	threads := flag.Int("threads", 2, "threads of ONNX Runtime and of the loop")
	model := flag.String("model", "", "exported network; the SqueezeNet in the program if there is none")
	for _, name := range []string{"content-layer", "content-weight", "style-layers", "style-weights"} {
		p := parameter.Must(name)
		flag.Func(name, p.Usage, func(text string) error { return p.Set(&o, text) })
	}
	flag.Func("preset", "whose steps, the first flag; lab if absent", func(name string) (err error) {
		o, err = zellige.Preset(name)
		return err
	})
	flag.IntVar(&o.Scales, "scales", o.Scales, "sizes that are painted coarse to fine")
	flag.IntVar(&o.ImageSize, "image-size", o.ImageSize, "shorter side of the content")
	flag.IntVar(&o.StyleSize, "style-size", o.StyleSize, "shorter side of the style picture")
	flag.IntVar(&o.Iterations, "iterations", o.Iterations, "steps")
	flag.Parse()
	goruntime.GOMAXPROCS(*threads)
	r, err := measure(*model, *content, *style, *threads, o)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(r)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "step:", err)
		os.Exit(1)
	}
}

func measure(model, content, style string, threads int, o zellige.Options) (*timings, error) {
	var p zellige.Pictures
	var err error
	if p.Content, err = picture.Read(content); err != nil {
		return nil, err
	}
	if p.Style, err = picture.Read(style); err != nil {
		return nil, err
	}
	config := zellige.Config{Threads: threads}
	if model != "" {
		if config.Model, err = os.ReadFile(model); err != nil {
			return nil, err
		}
	}
	network, err := zellige.Open(config)
	if err != nil {
		return nil, err
	}
	defer network.Close()
	r := &timings{}
	o.Progress = r.step()
	result, err := zellige.Transfer(context.Background(), timed{network, r}, p, o)
	if err != nil {
		return nil, err
	}
	r.Height, r.Width, r.FirstLoss = result.Height, result.Width, result.First.Total()
	return r, nil
}

// step notes when each evaluation was done.
func (r *timings) step() func(zellige.Step) {
	last := time.Duration(0)
	return func(s zellige.Step) {
		r.Steps = append(r.Steps, (s.Elapsed - last).Seconds())
		r.Stages = append(r.Stages, s.Stage)
		last = s.Elapsed
	}
}

// timed is a network whose evaluations are timed, so that what is left of a step
// is known to be Go's.
type timed struct {
	zellige.Model
	report *timings
}

func (t timed) Prepare(o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	e, err := t.Model.Prepare(o, pixels, gradient)
	return timedEvaluator{e, t.report}, err
}

type timedEvaluator struct {
	runtime.Evaluator
	report *timings
}

func (e timedEvaluator) Evaluate(ctx context.Context) (runtime.Losses, error) {
	began := time.Now()
	if len(e.report.Network) == 0 {
		e.report.Began = float64(began.UnixNano()) / 1e9
	}
	losses, err := e.Evaluator.Evaluate(ctx)
	e.report.Network = append(e.report.Network, time.Since(began).Seconds())
	return losses, err
}
