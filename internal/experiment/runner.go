package experiment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"zellige"
	"zellige/internal/record"
	"zellige/internal/story"
)

// Runner says how a plan is run.
type Runner struct {
	Jobs int // runs at a time, at least 1
	// SaveEvery is how often the state of a run is saved, 2 s if it is 0. It is
	// saved more often at first, and less often if that would take more than a
	// twentieth of the time.
	SaveEvery time.Duration
	// Leave leaves runs that other processes are painting to them, instead of waiting
	// for their end.
	Leave bool
	// Tell, if not nil, is called for all that happens, by one goroutine at a
	// time.
	Tell func(Event)
}

// Run does the runs of the plan that are not done, Jobs at a time. Other processes
// may run the same plan in the same folder: each run is then done once.
//
// A run that fails does not keep the others from being done, unless the disk is full or
// keeps no locks. The error joins a *[RunError] for each. If ctx is done, runs under way
// are saved, and the error joins the context's.
func (p *Plan) Run(ctx context.Context, m zellige.Model, r Runner) error {
	if r.SaveEvery == 0 {
		r.SaveEvery = 2 * time.Second
	}
	w := &workers{plan: p, model: m, runner: r, queue: p.Pending()}
	w.tidy()
	var all sync.WaitGroup
	for range max(r.Jobs, 1) {
		all.Go(func() { w.takeAll(ctx) })
	}
	all.Wait()
	return errors.Join(append(w.errors, ctx.Err())...)
}

// RunError is why a run failed.
type RunError struct {
	Name string
	Err  error
}

func (e *RunError) Error() string { return fmt.Sprintf("run %q: %v", e.Name, e.Err) }

func (e *RunError) Unwrap() error { return e.Err }

// IsFull reports whether an error is that a disk is full, or what a user may have of it.
func IsFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// workers share the runs of one Plan.Run.
type workers struct {
	plan     *Plan
	model    zellige.Model
	runner   Runner
	hasStory bool // in the plan's folder

	mutex  sync.Mutex // of what follows
	queue  []*Planned // not looked at yet
	busy   []*Planned // another process was at it
	errors []error

	telling sync.Mutex
}

// tidy looks after the finished runs, and leaves the story beside them. It only warns:
// what is left, or missing, does no harm.
func (w *workers) tidy() {
	if len(w.plan.Runs) > 0 {
		w.warnOfAnotherFile()
		err := errors.Join(makeFolder(w.plan.Folder), w.plan.story.Write(w.plan.Folder))
		if w.hasStory = err == nil; !w.hasStory {
			w.tell(Event{Kind: Warned, Run: w.plan.Runs[0], Text: err.Error()})
		}
	}
	for _, r := range w.plan.Runs {
		if r.Status != Done {
			continue
		}
		if err := tidy(r); err != nil {
			w.tell(Event{Kind: Warned, Run: r, Text: err.Error()})
		}
	}
}

// warnOfAnotherFile tells a shard that the folder was begun by another experiment file: parts of
// different files are not parts of one whole.
func (w *workers) warnOfAnotherFile() {
	there, err := story.Read(w.plan.Folder)
	if w.plan.isShard && err == nil && there.Source != "" && there.Source != w.plan.story.Source {
		w.tell(Event{Kind: Warned, Run: w.plan.Runs[0], Text: "the experiment file has changed since a task began here; " +
			"if tasks with the earlier one still run, start all again when they are done, for the parts no longer fit together"})
	}
}

// takeAll does runs until none is left: those that are free first, then those that
// another process was at, in case it died.
func (w *workers) takeAll(ctx context.Context) {
	for ctx.Err() == nil {
		r, free := w.take()
		if r == nil {
			return
		}
		if err := w.do(ctx, r, free); err != nil && !isInterruption(ctx, err) {
			w.fail(r, err)
		}
	}
}

// isInterruption tells the end of ctx from a failure to save what it interrupted.
func isInterruption(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, ctx.Err())
}

func (w *workers) take() (r *Planned, free bool) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	from := &w.queue
	if free = len(w.queue) > 0; !free {
		from = &w.busy
	}
	if len(*from) == 0 {
		return nil, false
	}
	r = (*from)[0]
	*from = (*from)[1:]
	return r, free
}

func (w *workers) postpone(r *Planned) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.busy = append(w.busy, r)
}

// fail notes why a run failed. On a disk that is full or without locks the others would fail like
// it, and are not begun.
func (w *workers) fail(r *Planned, err error) {
	w.mutex.Lock()
	w.errors = append(w.errors, &RunError{r.Name, err})
	if IsFull(err) || errors.Is(err, errNoLocks) {
		w.queue, w.busy = nil, nil
	}
	w.mutex.Unlock()
	w.tell(Event{Kind: Failed, Run: r, Err: err})
}

func (w *workers) tell(e Event) {
	if w.runner.Tell == nil {
		return
	}
	w.telling.Lock()
	defer w.telling.Unlock()
	w.runner.Tell(e)
}

// do locks the folder of a run and paints it, unless another process did.
func (w *workers) do(ctx context.Context, r *Planned, free bool) error {
	if err := w.checkFolder(); err != nil {
		return err
	}
	if err := makeFolder(r.Folder); err != nil {
		return err
	}
	l, err := tryLock(r.Folder)
	if w.plan.isShard && errors.Is(err, errNoLocks) {
		return w.doLocked(ctx, r) // a shard needs no lock
	}
	if err == nil && l == nil && free {
		if w.runner.Leave {
			w.tell(Event{Kind: Left, Run: r})
		} else {
			w.postpone(r)
			w.tell(Event{Kind: Postponed, Run: r})
		}
		return nil
	}
	if err == nil && l == nil {
		w.tell(Event{Kind: Waiting, Run: r})
		l, err = waitLock(ctx, r.Folder)
	}
	if err != nil {
		return err
	}
	err = w.doLocked(ctx, r)
	return errors.Join(err, l.release())
}

// checkFolder sees that the folder of all runs was not taken away: a new one in its place
// would hold only the runs that are not done yet.
func (w *workers) checkFolder() error {
	_, err := os.Stat(filepath.Join(w.plan.Folder, story.File))
	if w.hasStory && errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the folder %q, or %s in it, does not exist any more; start again", w.plan.Folder, story.File)
	}
	return nil
}

func (w *workers) doLocked(ctx context.Context, r *Planned) error {
	w.plan.look(r)
	if r.Status == Done {
		w.tell(Event{Kind: Skipped, Run: r})
		return removeState(r.Folder)
	}
	w.plan.describe(r)
	defer func() { r.Recipe = record.Recipe{} }()
	j := &job{workers: w, run: r, frames: w.plan.Frames}
	if err := j.paint(ctx); err != nil {
		return w.lost(ctx, r, err)
	}
	return nil
}

// mostAgain is how often a run is begun once more whose files were taken away.
const mostAgain = 5

// lost is what becomes of a run that could not be painted. Where a file system loses locks,
// another process may have finished it meanwhile, or taken its files away to begin it: then it
// is begun once more in the end.
func (w *workers) lost(ctx context.Context, r *Planned, err error) error {
	if ctx.Err() != nil {
		return err
	}
	if w.plan.look(r); r.Status == Done {
		w.tell(Event{Kind: Skipped, Run: r})
		return nil
	}
	if errors.Is(err, os.ErrNotExist) && r.again < mostAgain {
		r.again++
		w.postpone(r)
		return nil
	}
	return err
}
