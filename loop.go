package zellige

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"zellige/losses"
	"zellige/match"
	"zellige/optimize"
	"zellige/runtime"
)

// loop is the optimisation of one picture at one stage: the only thing that moves are
// the pixels.
type loop struct {
	plan      *Plan
	number    int // of the stage
	stage     *Stage
	height    int
	width     int
	pixels    []float32 // [3][height][width], normalised
	gradient  []float32 // the same shape
	network   runtime.Evaluator
	open      func() (runtime.Evaluator, error) // the network, again
	tv        *losses.TotalVariation
	optimizer optimize.Optimizer
	bounds    *optimize.Bounds
	average   *optimize.Average // nil if absent
	values    losses.Values     // of the last evaluation
	diverged  *gradientCheck
	finish    *finish
	places    []int // where the network's style losses go in values.Style

	// With a matching loss:
	refiner *match.Refiner // renews the targets; nil if they stay
	matched []float32      // pixels that the targets were found for
}

// newLoop prepares the loop of a stage. It takes over pixels.
func newLoop(m Model, p *Plan, stage int, objective runtime.Objective, pixels []float32) (*loop, error) {
	height, width, n, o := objective.Height, objective.Width, len(pixels), &p.Options
	low, high := bounds(p.Info, float32(o.Schedule.Bound))
	l := &loop{
		plan:     p,
		number:   stage,
		stage:    &p.Stages[stage],
		finish:   &finish{plan: p, stage: &p.Stages[stage]},
		height:   height,
		width:    width,
		pixels:   pixels,
		gradient: make([]float32, n),
		tv:       losses.NewTotalVariation(o.Objective.WeighTV(n), height, width),
		bounds:   optimize.NewBounds(n, low, high),
	}
	l.optimizer = o.Schedule.Optimizer(height, width, l.bounds)
	if decay := o.Schedule.Average; decay > 0 {
		l.average = optimize.NewAverage(pixels, decay)
	}
	l.diverged = newGradientCheck(l.gradient)
	l.values, l.places = p.emptyValues(l.stage, objective)
	if l.stage.resumes(o) {
		if err := l.restore(o.Resume); err != nil {
			return nil, err
		}
	}
	l.open = func() (runtime.Evaluator, error) { return prepare(m, objective, l.pixels, l.gradient) }
	var err error
	l.network, err = l.open()
	return l, err
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

// run does the iterations of the stage that are left, closes the network and notes the result in r.
func (l *loop) run(ctx context.Context, r *Result, began time.Time) error {
	err := l.resume(ctx)
	for t := l.stage.From; t < l.stage.End && err == nil; t++ {
		if err = l.evaluate(ctx, t); err != nil {
			break
		}
		l.tell(t, time.Since(began))
		if l.move(t) || r.Iterations == 0 {
			r.Last = l.values.Clone()
		}
		if r.Iterations == 0 {
			r.First = r.Last
		}
		r.Iterations = t + 1
	}
	l.optimizer.Settle(l.pixels)
	closed := l.leave()
	r.Height, r.Width, r.Pixels = l.height, l.width, l.result()
	r.Image = l.finish.image(l.finish.marked(ctx, r.Pixels))
	r.Elapsed = time.Since(began)
	if err == nil {
		return errors.Join(closed, ctx.Err()) // an interruption leaves the last marks out
	}
	if _, diverged := errors.AsType[*DivergedError](err); diverged || ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("iteration %d: %w", r.Iterations, err)
}

// leave gives back what only the iterations need, before the result is made, which takes
// memory of its own.
func (l *loop) leave() error {
	err := l.network.Close()
	l.network, l.open, l.refiner = nil, nil, nil
	debug.FreeOSMemory()
	return err
}

// resume finds the targets that an interrupted run had, if they were to be renewed
// since.
func (l *loop) resume(ctx context.Context) error {
	if l.refiner == nil || l.stage.From == l.stage.First {
		return nil
	}
	return l.search(ctx, l.stage.From)
}

// search finds targets at an iteration.
func (l *loop) search(ctx context.Context, t int) error {
	if l.stage.Reopens() {
		if err := l.network.Close(); err != nil {
			return err
		}
	}
	err := l.refiner.Renew(ctx, runtime.Image{Height: l.height, Width: l.width, Pixels: l.matched}, (t-l.stage.First)/renewal)
	l.network.Retarget()
	if err != nil || !l.stage.Reopens() {
		return err
	}
	debug.FreeOSMemory() // before the network takes as much again
	network, err := l.open()
	if err == nil {
		l.network = network
	}
	return err
}

// renew finds new targets every few iterations. What the optimiser remembers of the
// earlier ones would mislead a line search.
func (l *loop) renew(ctx context.Context, t int) error {
	if l.refiner == nil || (t-l.stage.First)%renewal != 0 {
		return ctx.Err()
	}
	copy(l.matched, l.pixels)
	if l.plan.Options.Schedule.Method == optimize.MethodLBFGS && t > l.stage.From {
		l.optimizer.Settle(l.pixels)
		l.optimizer = l.plan.Options.Schedule.Optimizer(l.height, l.width, l.bounds)
	}
	return l.search(ctx, t)
}

// evaluate renews the targets if it is time, bounds the pixels and computes the losses and the gradient there.
func (l *loop) evaluate(ctx context.Context, t int) error {
	if err := l.renew(ctx, t); err != nil {
		return err
	}
	if l.plan.Options.Schedule.BoundedAt(t - l.stage.First) {
		l.bounds.Clamp(l.pixels)
	}
	if err := evaluateNetwork(ctx, l.network, l.values, l.places); err != nil {
		return err
	}
	l.values.TV = l.tv.AddGradient(l.gradient, l.pixels)
	if l.optimizer.Retreats() {
		return nil
	}
	if err := checkLosses(t, l.values); err != nil {
		return err
	}
	return l.diverged.check(t)
}

// tell tells Options.Progress how far the loop is.
func (l *loop) tell(t int, elapsed time.Duration) {
	if l.plan.Options.Progress != nil {
		l.plan.Options.Progress(Step{Iteration: t, Iterations: l.plan.Options.Iterations, Losses: l.values, Elapsed: elapsed,
			Plan: l.plan, Stage: l.number, loop: l})
	}
}

// move takes the optimiser's step and reports whether it goes on from the pixels
// that were evaluated.
func (l *loop) move(t int) bool {
	schedule, n := &l.plan.Options.Schedule, l.stage.End-l.stage.First
	t -= l.stage.First
	if schedule.RestartsAt(t) {
		l.optimizer = schedule.Optimizer(l.height, l.width, l.bounds)
	}
	goesOn := l.optimizer.Step(l.pixels, l.gradient, l.values.Total(), schedule.RateAt(t, n))
	if l.average != nil {
		l.average.Add(t, l.pixels)
	}
	return goesOn
}

// emptyValues makes room for the losses of a stage: terms of weight 0 are there
// and stay 0, and places says where each of the network's style losses goes.
func (p *Plan) emptyValues(s *Stage, network runtime.Objective) (v losses.Values, places []int) {
	o := &p.Options.Objective
	if o.Matches() {
		for _, l := range p.Options.matchLayers(s.Scale) {
			v.Match = append(v.Match, losses.LayerValue{Layer: l})
		}
		return v, nil
	}
	if o.Content.Weight == 0 || len(network.Content) > 0 { // else there is no content picture
		v.Content = []losses.LayerValue{{Layer: o.Content.Layer}}
	}
	for i, l := range o.Style.Layers {
		v.Style = append(v.Style, losses.LayerValue{Layer: l})
		for _, t := range network.Style {
			if t.Layer == l {
				places = append(places, i)
			}
		}
	}
	return v, places
}

// prepare opens the network for an objective, unless that asks nothing of it.
func prepare(m Model, o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	if len(o.Content)+len(o.Style)+len(o.Match) == 0 {
		return withoutNetwork{gradient}, nil
	}
	return m.Prepare(o, pixels, gradient)
}

// withoutNetwork stands for a network of which nothing is asked.
type withoutNetwork struct{ gradient []float32 }

func (w withoutNetwork) Evaluate(context.Context) (runtime.Losses, error) {
	clear(w.gradient)
	return runtime.Losses{}, nil
}

func (withoutNetwork) Retarget() {}

func (withoutNetwork) Close() error { return nil }

// evaluateNetwork writes the network's losses into v.
func evaluateNetwork(ctx context.Context, network runtime.Evaluator, v losses.Values, places []int) error {
	l, err := network.Evaluate(ctx)
	if err != nil {
		return err
	}
	local := v.Content
	if len(v.Match) > 0 {
		local = v.Match
	}
	for i, x := range l.Match {
		local[i].Value = float64(x)
	}
	for i, x := range l.Content { // of a pass without matches
		local[i].Value = float64(x)
	}
	for _, place := range places {
		v.Style[place].Value = 0
	}
	for i, x := range l.Style { // a layer may have several terms
		v.Style[places[i]].Value += float64(x)
	}
	return nil
}
