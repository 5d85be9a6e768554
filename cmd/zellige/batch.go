package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/forecast"
	"zellige/internal/record"
	"zellige/internal/view"
	"zellige/picture"
)

// batch is several contents that are painted alike, one after another, each into a file
// of its own in one folder. What is there and current is not painted again, and what
// fails does not stop the others.
type batch struct {
	*paintingFlags
	network  *network
	task     *record.Task // without a content
	names    []string     // of the contents, as they were given
	folder   string       // of the results
	recipes  bool         // are in the results
	items    []*item
	shared   map[string]record.File // all pictures but the contents, by path
	done     int                    // items whose result is there
	painted  int                    // of them, now
	began    time.Time
	kept     *zellige.Kept // what was found in the styles; nil if that is for naught or takes too much memory
	failures []string
	*messages
}

// item is a content and what becomes of it.
type item struct {
	task            *record.Task
	content, output string
}

// paintAll is paint for several contents, which names stand for.
func (v *paintingFlags) paintAll(c *cli.Context, task *record.Task, names, contents []string) error {
	b := &batch{paintingFlags: v, task: task, names: names, messages: newMessages(c.App.ErrWriter, v.result.quiet)}
	var err error
	if b.network, err = v.network.readFor(&task.Options); err != nil {
		return err
	}
	if err := b.check(c, contents); err != nil {
		return err
	}
	if err := b.readShared(c); err != nil {
		return err
	}
	left, err := b.look()
	if err != nil {
		return err
	}
	left = slices.DeleteFunc(left, func(it *item) bool { return b.cannotBe(c, it) })
	if len(left) == 0 {
		return b.outcome(nil)
	}
	return v.result.view.during(c, b.messages, func(s *view.Server) error {
		b.view = s
		model, err := b.network.open()
		if err != nil {
			return err
		}
		return errors.Join(b.outcome(b.paint(c, model, left)), model.Close())
	})
}

// withContent is a task with a content before its other pictures.
func withContent(task *record.Task, content string) *record.Task {
	t := *task
	t.Sources = nil
	addSources(&t, record.Content, content)
	t.Sources = append(t.Sources, task.Sources...)
	return &t
}

// readShared reads the pictures that all contents share, once.
func (b *batch) readShared(c *cli.Context) (err error) {
	b.shared = map[string]record.File{}
	for _, s := range b.task.Sources {
		if b.shared[s.Path], err = openSource(c.App.Reader)(s.Path); err != nil {
			return err
		}
	}
	return nil
}

// paint paints what is left. Only an interruption is an error.
func (b *batch) paint(c *cli.Context, model zellige.Model, left []*item) error {
	b.began = time.Now()
	if len(left) > 1 && b.task.Options.KeepColors != zellige.KeepMatch { // which gives the styles other colours for each content
		b.kept = &zellige.Kept{}
	}
	for i, it := range left {
		b.about = fmt.Sprintf("%d of %d: ", b.done+len(b.failures)+1, len(b.items))
		b.view.Doing(strings.TrimSuffix(b.about, ": "))
		err := c.Context.Err()
		if err == nil {
			err = b.paintItem(c, model, it, len(left)-i-1)
		}
		if errors.Is(err, context.Canceled) {
			return &interruptedError{"between two pictures"}
		}
		if err != nil && c.Context.Err() != nil {
			return err
		}
		if err != nil {
			b.fail(it, err)
			continue
		}
		b.done++
		b.painted++
	}
	return nil
}

// paintItem paints a content, before so many others.
func (b *batch) paintItem(c *cli.Context, model zellige.Model, it *item, others int) error {
	p := b.painting(c, it)
	plan, err := p.plan(c)
	if err != nil {
		return err
	}
	if err := b.keep(c, plan); err != nil {
		return err
	}
	p.others = others
	if b.painted > 0 {
		p.each = time.Since(b.began) / time.Duration(b.painted)
	}
	return p.carryOut(c, model, plan)
}

// keep lets a plan take what was found in the styles, and leave it for the next, if the memory
// suffices for both.
func (b *batch) keep(c *cli.Context, p *zellige.Plan) error {
	limit, err := b.memory.limit(c)
	if err != nil {
		return err
	}
	if p.Pictures.Kept = b.kept; b.kept != nil && !forecast.Fits(p, limit) {
		p.Pictures.Kept, b.kept = nil, nil
	}
	return nil
}

func (b *batch) painting(c *cli.Context, it *item) *painting {
	flags := *b.paintingFlags
	flags.result.output, flags.result.isOurs, flags.result.isOneOfMany = it.output, true, true
	return &painting{paintingFlags: &flags, network: b.network, task: it.task, open: b.open(c), messages: b.messages}
}

// cannotBe reports whether an item fails before any work, and says why.
func (b *batch) cannotBe(c *cli.Context, it *item) bool {
	err := b.foresee(c, it)
	if err != nil {
		b.fail(it, err)
	}
	return err != nil
}

// foresee plans a content as far as its file's header and the other pictures tell.
func (b *batch) foresee(c *cli.Context, it *item) error {
	if info, err := os.Stat(it.content); it.content == standardStream || err == nil && !info.Mode().IsRegular() {
		return nil // it can be read only once
	}
	size, err := picture.ReadSize(it.content)
	if err != nil {
		return err
	}
	p, task := b.painting(c, it), *it.task
	p.task, p.messages = &task, newMessages(io.Discard, true)
	open := p.open
	p.open = func(path string) (record.File, error) {
		if path == it.content {
			return record.File{File: &picture.File{Image: image.Rectangle{Max: size}}}, nil
		}
		return open(path)
	}
	_, err = p.plan(c)
	return err
}

// open is [openSource], but for what was read already.
func (b *batch) open(c *cli.Context) func(path string) (record.File, error) {
	read := openSource(c.App.Reader)
	return func(path string) (record.File, error) {
		if f, ok := b.shared[path]; ok {
			return f, nil
		}
		return read(path)
	}
}

func (b *batch) fail(it *item, err error) {
	why := message(err)
	if !strings.Contains(why, it.content) {
		why = fmt.Sprintf("%q: %s", it.content, why)
	}
	b.failures = append(b.failures, why)
	b.say("failed: %s", why)
}

// next is what the same command does after an interruption.
func (b *batch) next() string {
	if b.result.overwrite && !b.recipes {
		return "begins anew, for these files do not say how they were painted"
	}
	return "goes on"
}

// outcome says in one error how the batch ended, given why it did not go on to its end.
func (b *batch) outcome(err error) error {
	b.about = ""
	state := fmt.Sprintf("%d of %d pictures are in %s", b.done, len(b.items), b.folder)
	failed := fmt.Sprintf("%d of %d pictures failed: %s", len(b.failures), len(b.items), strings.Join(b.failures, "; "))
	var interrupted *interruptedError
	switch {
	case errors.As(err, &interrupted):
		interrupted.saved += "; " + state + ", and the same command " + b.next()
		if len(b.failures) > 0 {
			interrupted.saved += "; " + failed
		}
		return err
	case err != nil:
		return err
	case len(b.failures) > 0:
		return errors.New(failed)
	}
	if b.painted == 0 {
		b.say("nothing to do: %s", state)
	} else {
		b.say("%s, %d of them painted now", state, b.painted)
	}
	return nil
}
