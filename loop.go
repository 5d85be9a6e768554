package zellige

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zellige/losses"
	"zellige/optimize"
	"zellige/runtime"
)

// painter is the optimisation of one picture: the only thing that moves are the
// pixels.
type painter struct {
	options  Options
	info     *runtime.Info
	height   int
	width    int
	pixels   []float32 // [3][height][width], normalised
	gradient []float32 // the same shape
	network  runtime.Evaluator
	tv       *losses.TotalVariation
	adam     *optimize.Adam
	bounds   *optimize.Bounds
	values   losses.Values // of the last evaluation
	diverged *gradientCheck
	places   []int // where the network's style losses go in values.Style
}

// newPainter prepares the loop. It takes over pixels.
func newPainter(m Model, o Options, objective runtime.Objective, pixels []float32) (*painter, error) {
	n := len(pixels)
	p := &painter{
		options:  o,
		info:     m.Info(),
		height:   objective.Height,
		width:    objective.Width,
		pixels:   pixels,
		gradient: make([]float32, n),
		tv:       losses.NewTotalVariation(o.Objective.TVWeight, objective.Height, objective.Width),
		adam:     optimize.NewAdam(n, o.Schedule.Rate),
		bounds:   optimize.NewBounds(n, -o.Schedule.Bound, o.Schedule.Bound),
	}
	p.diverged = newGradientCheck(p.gradient)
	p.values, p.places = emptyValues(&o.Objective, objective)
	if o.Resume != nil {
		if err := p.adam.Restore(o.Resume.Adam); err != nil {
			return nil, err
		}
	}
	var err error
	p.network, err = prepare(m, objective, p.pixels, p.gradient)
	return p, err
}

// prepare opens the network for an objective, unless that asks nothing of it.
func prepare(m Model, o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	if len(o.Content)+len(o.Style) == 0 {
		return nil, nil
	}
	return m.Prepare(o, pixels, gradient)
}

// run does the iterations that are left.
func (p *painter) run(ctx context.Context) (*Result, error) {
	r := &Result{Height: p.height, Width: p.width, Pixels: p.pixels}
	began := time.Now()
	first := 0
	if p.options.Resume != nil {
		first = p.options.Resume.Iteration
	}
	var err error
	for t := first; t < p.options.Iterations; t++ {
		if err = p.evaluate(ctx, t); err != nil {
			break
		}
		p.report(t, time.Since(began))
		p.move(t)
		if t == first {
			r.First = p.values.Clone()
		}
		r.Iterations = t + 1
	}
	r.Last, r.Elapsed, r.Image = p.values.Clone(), time.Since(began), p.image()
	var diverged *DivergedError
	if err == nil || ctx.Err() != nil || errors.As(err, &diverged) {
		return r, err
	}
	return nil, fmt.Errorf("iteration %d: %w", r.Iterations, err)
}

// evaluate bounds the pixels and computes the losses and the gradient there.
func (p *painter) evaluate(ctx context.Context, t int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if t < p.options.Schedule.BoundUntil {
		p.bounds.Clamp(p.pixels)
	}
	if p.network == nil {
		clear(p.gradient)
	} else if err := evaluateNetwork(ctx, p.network, p.values, p.places); err != nil {
		return err
	}
	p.values.TV = p.tv.AddGradient(p.gradient, p.pixels)
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

// move takes the optimiser's step.
func (p *painter) move(t int) {
	if t == p.options.Schedule.Restart {
		p.adam.Reset(p.options.Schedule.RestartRate)
	}
	p.adam.Step(p.pixels, p.gradient)
}

func (p *painter) close() error {
	if p.network == nil {
		return nil
	}
	return p.network.Close()
}
