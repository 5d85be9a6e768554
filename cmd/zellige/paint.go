package main

import (
	"context"
	"errors"
	"fmt"
	"image"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/record"
	"zellige/picture"
)

// painter is [zellige.Plan.Paint] or a function like it.
type painter func(context.Context, zellige.Model, *zellige.Plan) (*zellige.Result, error)

// paintPlan is the plain painter.
func paintPlan(ctx context.Context, m zellige.Model, p *zellige.Plan) (*zellige.Result, error) {
	return p.Paint(ctx, m)
}

// paint does what the commands that paint share: everything is checked before
// anything is read, the pictures are read before the network is opened, and the
// result is saved, also when the user interrupts.
func paint(c *cli.Context, o zellige.Options, work painter) (err error) {
	n, err := readNetwork(c)
	if err != nil {
		return err
	}
	if err := o.Check(len(n.info.Layers)); err != nil {
		return err
	}
	task, err := newTask(c, o)
	if err != nil {
		return err
	}
	if err := checkOutputs(c, task); err != nil {
		return err
	}
	log, err := openLog(c.String("log"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.close()) }()
	in, err := readPictures(c, task)
	if err != nil {
		return err
	}
	plan, err := task.Plan(n.info, in.Pictures)
	if err == nil {
		plan, err = limitMemory(c, plan)
	}
	if err != nil {
		return withFile(err, task.Sources)
	}
	task.Options.Piece, task.Options.Lean = plan.Options.Piece, plan.Options.Lean // for the recipe
	result, err := n.paint(c, plan, log, work)
	interrupted := err != nil && c.Context.Err() != nil
	var diverged *zellige.DivergedError
	if errors.As(err, &diverged) {
		return saveDiverged(c, result, diverged, in)
	}
	if err != nil && !interrupted {
		return withFile(err, task.Sources)
	}
	return n.save(c, result, task, in, interrupted)
}

// checkOutputs refuses what would fail after the work or destroy an input.
func checkOutputs(c *cli.Context, task *record.Task) error {
	inputs := files(c, "model")
	for _, s := range task.Sources {
		inputs = append(inputs, namedFile{zellige.RoleKind(s.Role), s.Path})
	}
	if err := checkApart(files(c, "output", "log", "timelapse"), inputs); err != nil {
		return err
	}
	if err := picture.CheckOutput(c.String("output"), features(&task.Options)...); err != nil {
		return &usageError{err.Error(), ""}
	}
	return nil
}

// readPictures also warns of what cannot be used.
func readPictures(c *cli.Context, task *record.Task) (*record.Inputs, error) {
	in, err := task.Read(record.OpenFile)
	if err != nil {
		return nil, err
	}
	for _, w := range in.Warnings {
		warn(c, w)
	}
	if c.Bool(stripFlag) {
		in.EXIF = nil
	}
	task.KeepsEXIF = in.EXIF != nil
	return in, nil
}

// paint opens the network for as long as the work takes.
func (n *network) paint(c *cli.Context, p *zellige.Plan, log *lossLog, work painter) (*zellige.Result, error) {
	model, err := n.open()
	if err != nil {
		return nil, err
	}
	if err := announce(c, model, p); err != nil {
		return nil, errors.Join(err, model.Close())
	}
	progress := newProgress(c.App.ErrWriter, c.Bool("quiet"))
	var trend zellige.Trend
	p.Options.Progress = func(s zellige.Step) {
		log.step(s)
		progress.step(s)
		if text := trend.Warning(s); text != "" && !c.Bool("quiet") {
			progress.stop()
			warn(c, text)
		}
	}
	result, err := work(c.Context, model, p)
	progress.stop()
	return result, errors.Join(err, model.Close())
}

// save writes the picture with its recipe and says so. An interrupted picture has
// no recipe: its pixels were caught in the middle of an iteration. If there is nothing
// to save yet, an earlier picture is left alone.
func (n *network) save(c *cli.Context, r *zellige.Result, task *record.Task, in *record.Inputs, interrupted bool) error {
	if interrupted && (r == nil || r.Iterations == 0) {
		return &interruptedError{"before the first iteration, nothing written"}
	}
	path := c.String("output")
	meta := picture.Metadata{EXIF: in.EXIF}
	var recipeErr error
	if !interrupted && !c.Bool(stripFlag) {
		meta.Texts, recipeErr = n.recipeTexts(c, task, in)
	}
	if err := errors.Join(writePicture(path, r.Image, meta), recipeErr); err != nil {
		return err
	}
	if interrupted {
		return &interruptedError{fmt.Sprintf("after %d of %d iterations, wrote %s (%s)", r.Iterations, task.Options.Iterations, path, sizeOf(r.Image))}
	}
	if !c.Bool("quiet") {
		fmt.Fprintf(c.App.ErrWriter, "zellige: wrote %s (%s), %d iterations in %s, loss %s -> %s\n", path, sizeOf(r.Image), r.Iterations,
			formatDuration(r.Elapsed), formatLoss(r.First.Total()), formatLoss(r.Last.Total()))
	}
	return nil
}

func sizeOf(img image.Image) string {
	return fmt.Sprintf("%dx%d", img.Bounds().Dx(), img.Bounds().Dy())
}

// saveDiverged writes the last picture that is a picture, if any step was taken.
func saveDiverged(c *cli.Context, r *zellige.Result, diverged *zellige.DivergedError, in *record.Inputs) error {
	path := c.String("output")
	if r.Iterations == 0 {
		return diverged
	}
	if err := writePicture(path, r.Image, picture.Metadata{EXIF: in.EXIF}); err != nil {
		return errors.Join(diverged, err)
	}
	return fmt.Errorf("%w; wrote %s as it was after %d iterations", diverged, path, r.Iterations)
}
