package zellige

import (
	"context"
	"errors"
	"fmt"
	"image"
	"time"

	"zellige/losses"
	"zellige/optimize"
	"zellige/runtime"
)

// painter is the optimisation of one picture at one scale: the only thing that
// moves are the pixels.
type painter struct {
	options   *Options
	info      *runtime.Info
	stage     stage
	height    int
	width     int
	pixels    []float32 // [3][height][width], normalised
	gradient  []float32 // the same shape
	network   runtime.Evaluator
	tv        *losses.TotalVariation
	optimizer optimize.Optimizer
	bounds    *optimize.Bounds
	average   *optimize.Average // nil for none
	values    losses.Values     // of the last evaluation
	diverged  *gradientCheck
	places    []int          // where the network's style losses go in values.Style
	colors    image.Image    // whose chroma the result keeps, or nil
	alpha     *image.Alpha16 // opacity of the result, or nil
	size      image.Point    // of the result
}

// newPainter prepares the loop. It takes over pixels.
func newPainter(m Model, o *Options, s stage, objective runtime.Objective, pixels []float32) (*painter, error) {
	height, width, n := objective.Height, objective.Width, len(pixels)
	low, high := bounds(m.Info(), float32(o.Schedule.Bound))
	p := &painter{
		options:  o,
		info:     m.Info(),
		stage:    s,
		height:   height,
		width:    width,
		pixels:   pixels,
		gradient: make([]float32, n),
		tv:       losses.NewTotalVariation(o.Objective.WeighTV(n), height, width),
		bounds:   optimize.NewBounds(n, low, high),
	}
	p.optimizer = o.Schedule.Optimizer(height, width, p.bounds)
	if decay := o.Schedule.Average; decay > 0 {
		p.average = optimize.NewAverage(pixels, decay)
	}
	p.diverged = newGradientCheck(p.gradient)
	p.values, p.places = emptyValues(&o.Objective, objective)
	if s.resumes(o) {
		if err := p.restore(o.Resume); err != nil {
			return nil, err
		}
	}
	var err error
	p.network, err = prepare(m, objective, p.pixels, p.gradient)
	return p, err
}

// bounds are the limits of the pixels by channel: -bound and bound, or the range
// of what a picture can show if that is 0.
func bounds(info *runtime.Info, bound float32) (low, high [3]float32) {
	for c := range 3 {
		low[c], high[c] = -bound, bound
		if bound == 0 {
			low[c], high[c] = -info.Mean[c]/info.Std[c], (1-info.Mean[c])/info.Std[c]
		}
	}
	return low, high
}

// run does the iterations of the stage that are left and notes them in r.
func (p *painter) run(ctx context.Context, r *Result, began time.Time) error {
	first := p.stage.first
	if p.stage.resumes(p.options) {
		first = p.options.Resume.Iteration
	}
	var err error
	for t := first; t < p.stage.end; t++ {
		if err = p.evaluate(ctx, t); err != nil {
			break
		}
		p.report(t, time.Since(began))
		if p.move(t) || r.Iterations == 0 {
			r.Last = p.values.Clone()
		}
		if r.Iterations == 0 {
			r.First = r.Last
		}
		r.Iterations = t + 1
	}
	p.optimizer.Settle(p.pixels)
	r.Height, r.Width, r.Pixels = p.height, p.width, p.result()
	r.Elapsed, r.Image = time.Since(began), p.image()
	var diverged *DivergedError
	if err == nil || ctx.Err() != nil || errors.As(err, &diverged) {
		return err
	}
	return fmt.Errorf("iteration %d: %w", r.Iterations, err)
}

// evaluate bounds the pixels and computes the losses and the gradient there.
func (p *painter) evaluate(ctx context.Context, t int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if p.options.Schedule.BoundedAt(t - p.stage.first) {
		p.bounds.Clamp(p.pixels)
	}
	if err := evaluateNetwork(ctx, p.network, p.values, p.places); err != nil {
		return err
	}
	p.values.TV = p.tv.AddGradient(p.gradient, p.pixels)
	if p.optimizer.Retreats() {
		return nil
	}
	if err := checkLosses(t, p.values); err != nil {
		return err
	}
	return p.diverged.check(t)
}

func (p *painter) report(t int, elapsed time.Duration) {
	if p.options.Progress != nil {
		p.options.Progress(Step{Iteration: t, Iterations: p.options.Iterations, Losses: p.values, Elapsed: elapsed, painter: p})
	}
}

// move takes the optimiser's step and reports whether it goes on from the pixels
// that were evaluated.
func (p *painter) move(t int) bool {
	schedule, n := &p.options.Schedule, p.stage.end-p.stage.first
	t -= p.stage.first
	if schedule.RestartsAt(t) {
		p.optimizer = schedule.Optimizer(p.height, p.width, p.bounds)
	}
	goesOn := p.optimizer.Step(p.pixels, p.gradient, p.values.Total(), schedule.RateAt(t, n))
	if p.average != nil {
		p.average.Add(t, p.pixels)
	}
	return goesOn
}

// result is the picture as it would be written, [3][height][width].
func (p *painter) result() []float32 {
	if p.average != nil {
		return p.average.Pixels()
	}
	return p.pixels
}
