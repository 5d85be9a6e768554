package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"time"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/forecast"
	"zellige/internal/record"
	"zellige/internal/view"
	"zellige/picture"
)

// paintingFlags are those that all commands that paint have.
type paintingFlags struct {
	result  resultFlags
	memory  memoryFlags
	network networkFlags
}

// paint does what the commands that paint share: everything is checked before
// anything is read, the pictures are read before the network is opened, and the
// result is saved, also when the user interrupts.
func (v *paintingFlags) paint(c *cli.Context, task *record.Task) error {
	lapse, err := newTimelapse(v.result.timelapse)
	if err != nil {
		return err
	}
	n, err := v.network.readFor(&task.Options)
	if err != nil {
		return err
	}
	if err := v.result.check(c, task, v.network.model); err != nil {
		return err
	}
	m := newMessages(c.App.ErrWriter, v.result.quiet)
	return v.result.view.during(c, m, func(s *view.Server) (err error) {
		log, err := openLog(v.result.log)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, log.close(), lapse.write()) }()
		m.view = s
		w := &painting{paintingFlags: v, network: n, task: task, open: openSource(c.App.Reader), log: log, lapse: lapse, messages: m}
		return w.paint(c)
	})
}

// painting is a picture being painted.
type painting struct {
	*paintingFlags
	network *network
	task    *record.Task
	open    func(path string) (record.File, error)
	in      *record.Inputs
	log     *lossLog      // nil if there is none
	lapse   *timelapse    // nil if there is none
	others  int           // pictures like this one that follow it
	each    time.Duration // that such a picture takes; 0 for the first
	canvas  *canvas
	*messages
}

// paint reads the pictures, opens the network for as long as the work takes, paints and
// saves.
func (p *painting) paint(c *cli.Context) error {
	go p.network.hashed() // while the pictures are read, which takes one processor
	plan, err := p.plan(c)
	if err != nil {
		return err
	}
	model, err := p.network.open()
	if err != nil {
		return err
	}
	return errors.Join(p.carryOut(c, model, plan), model.Close())
}

// plan reads the pictures and finds out how they are painted in the memory there is.
func (p *painting) plan(c *cli.Context) (*zellige.Plan, error) {
	if err := p.read(); err != nil {
		return nil, err
	}
	plan, err := p.task.Plan(p.network.info, p.in.Pictures)
	if err == nil {
		plan, err = p.memory.fit(c, plan, p.messages)
	}
	if err != nil {
		return nil, withFile(err, p.task.Sources)
	}
	p.task.Options.Piece, p.task.Options.Lean = plan.Options.Piece, plan.Options.Lean // for the recipe
	return plan, nil
}

// carryOut paints and saves.
func (p *painting) carryOut(c *cli.Context, model zellige.Model, plan *zellige.Plan) error {
	result, err := p.follow(c.Context, model, plan)
	interrupted := err != nil && c.Context.Err() != nil
	var diverged *zellige.DivergedError
	if errors.As(err, &diverged) {
		return p.saveDiverged(c.App.Writer, result, diverged)
	}
	if err != nil && !interrupted {
		return withFile(err, p.task.Sources)
	}
	return p.save(c.App.Writer, result, interrupted, plan.Result)
}

// read reads the pictures and warns of what cannot be used.
func (p *painting) read() (err error) {
	if p.in, err = p.task.Read(p.open); err != nil {
		return err
	}
	for _, w := range p.in.Warnings {
		p.warn(w)
	}
	if p.result.strip {
		p.in.EXIF = nil
	}
	p.task.KeepsEXIF = p.in.EXIF != nil
	p.canvas = newCanvas(p.view, p.result.output, p.task.Sources, p.in.Picture)
	return nil
}

// follow tells what is begun, of the first of several pictures, and how far the work is.
func (p *painting) follow(ctx context.Context, model zellige.Model, plan *zellige.Plan) (*zellige.Result, error) {
	var speed forecast.Speed
	if p.each == 0 {
		var err error
		if speed, err = announce(ctx, model, plan, p.others, p.messages); err != nil {
			return nil, err
		}
	}
	progress := progress{messages: p.messages, canvas: p.canvas, Workload: forecast.Workload{Speed: speed, Others: p.others, Each: p.each}}
	var trend zellige.Trend
	plan.Options.Progress = func(s zellige.Step) {
		p.log.step(s)
		p.lapse.step(s)
		progress.step(s)
		if text := trend.Warning(s); text != "" && !p.quiet {
			p.warn(text)
		}
	}
	result, err := plan.Paint(ctx, model)
	p.clear()
	if result != nil {
		p.lapse.keep(result.Image)
	}
	return result, err
}

// save writes the picture with its recipe and says so. The recipe of an interrupted
// picture says that it is, and so does its size if it is not yet the whole one. If there
// is nothing to save yet, an earlier picture is left alone.
func (p *painting) save(stdout io.Writer, r *zellige.Result, interrupted bool, whole image.Point) error {
	if interrupted && (r == nil || r.Iterations == 0) {
		return &interruptedError{"before the first iteration, nothing written"}
	}
	meta, done := picture.Metadata{EXIF: p.in.EXIF}, 0
	if interrupted {
		done = r.Iterations
	}
	var recipeErr error
	if !p.result.strip && p.result.carriesRecipe() {
		meta.Texts, recipeErr = p.network.recipeTexts(p.task, p.in, done)
	}
	if interrupted {
		p.result.setAside()
	}
	where, err := p.result.write(stdout, r.Image, meta)
	if err := errors.Join(err, recipeErr); err != nil {
		return err
	}
	p.canvas.end(where, r.Image, interrupted)
	if interrupted {
		size := sizeOf(r.Image)
		if r.Image.Bounds().Size() != whole {
			size += fmt.Sprintf(" of %dx%d", whole.X, whole.Y)
		}
		return &interruptedError{fmt.Sprintf("after %d of %d iterations, wrote %s (%s)", r.Iterations, p.task.Options.Iterations, where, size)}
	}
	p.say("wrote %s (%s), %d iterations in %s, loss %s -> %s", where, sizeOf(r.Image), r.Iterations,
		formatDuration(r.Elapsed), formatLoss(r.First.Total()), formatLoss(r.Last.Total()))
	return nil
}

func sizeOf(img image.Image) string {
	return fmt.Sprintf("%dx%d", img.Bounds().Dx(), img.Bounds().Dy())
}

// saveDiverged writes the last picture that is a picture, if any step was taken.
func (p *painting) saveDiverged(stdout io.Writer, r *zellige.Result, diverged *zellige.DivergedError) error {
	if r.Iterations == 0 {
		return diverged
	}
	p.result.setAside()
	where, err := p.result.write(stdout, r.Image, picture.Metadata{EXIF: p.in.EXIF})
	if err != nil {
		return errors.Join(diverged, err)
	}
	return fmt.Errorf("%w; wrote %s as it was after %d iterations", diverged, where, r.Iterations)
}
