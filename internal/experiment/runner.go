package experiment

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"zellige"
)

// Runner says how a plan is run.
type Runner struct {
	Jobs int // runs at a time, at least 1
	// SaveEvery is how often the state of a run is saved, 2 s if it is 0. It is
	// saved more often at first, and less often if that would take more than a
	// twentieth of the time.
	SaveEvery time.Duration
	// Report, if not nil, is called for all that happens, by one goroutine at a
	// time.
	Report func(Event)
}

// Run does the runs of the plan that are not done, Jobs at a time. Other processes
// may run the same plan in the same folder: each run is then done once.
//
// A run that fails does not keep the others from being done. The error joins a
// *[RunError] for each. If ctx is done, runs under way are saved, and the error
// joins the context's.
func (p *Plan) Run(ctx context.Context, m zellige.Model, r Runner) error {
	if r.SaveEvery == 0 {
		r.SaveEvery = 2 * time.Second
	}
	s := &session{plan: p, model: m, runner: r, queue: p.Pending()}
	s.tidy()
	var workers sync.WaitGroup
	for range max(r.Jobs, 1) {
		workers.Go(func() { s.work(ctx) })
	}
	workers.Wait()
	return errors.Join(append(s.errors, ctx.Err())...)
}

// RunError is why a run failed.
type RunError struct {
	Name string
	Err  error
}

func (e *RunError) Error() string { return fmt.Sprintf("run %q: %v", e.Name, e.Err) }

func (e *RunError) Unwrap() error { return e.Err }

// session is what the workers of one Plan.Run share.
type session struct {
	plan   *Plan
	model  zellige.Model
	runner Runner

	mutex  sync.Mutex // of what follows
	queue  []*Planned // not looked at yet
	busy   []*Planned // another process was at it
	errors []error

	reporting sync.Mutex
}

// tidy looks after the finished runs. It only warns: what is left does no harm.
func (s *session) tidy() {
	for _, r := range s.plan.Runs {
		if r.Status != Done {
			continue
		}
		if err := tidy(r); err != nil {
			s.report(Event{Kind: Warned, Run: r, Text: err.Error()})
		}
	}
}

// work takes runs until none is left: those that are free first, then those that
// another process was at, in case it died.
func (s *session) work(ctx context.Context) {
	for ctx.Err() == nil {
		r, free := s.take()
		if r == nil {
			return
		}
		if err := s.do(ctx, r, free); err != nil && !isInterruption(ctx, err) {
			s.fail(r, err)
		}
	}
}

// isInterruption tells the end of ctx from a failure to save what it interrupted.
func isInterruption(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, ctx.Err())
}

func (s *session) take() (r *Planned, free bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	from := &s.queue
	if free = len(s.queue) > 0; !free {
		from = &s.busy
	}
	if len(*from) == 0 {
		return nil, false
	}
	r = (*from)[0]
	*from = (*from)[1:]
	return r, free
}

func (s *session) postpone(r *Planned) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.busy = append(s.busy, r)
}

func (s *session) fail(r *Planned, err error) {
	s.mutex.Lock()
	s.errors = append(s.errors, &RunError{r.Name, err})
	s.mutex.Unlock()
	s.report(Event{Kind: Failed, Run: r, Err: err})
}

func (s *session) report(e Event) {
	if s.runner.Report == nil {
		return
	}
	s.reporting.Lock()
	defer s.reporting.Unlock()
	s.runner.Report(e)
}

// do locks the folder of a run and paints it, unless another process did.
func (s *session) do(ctx context.Context, r *Planned, free bool) error {
	if err := makeFolder(r.Folder); err != nil {
		return err
	}
	l, err := tryLock(r.Folder)
	if err == nil && l == nil && free {
		s.postpone(r)
		return nil
	}
	if err == nil && l == nil {
		s.report(Event{Kind: Waiting, Run: r})
		l, err = waitLock(ctx, r.Folder)
	}
	if err != nil {
		return err
	}
	err = s.doLocked(ctx, r)
	return errors.Join(err, l.release())
}

func (s *session) doLocked(ctx context.Context, r *Planned) error {
	r.Recipe.MadBy = s.plan.Tool.Environment()
	r.look(s.plan.Frames)
	if r.Status == Done {
		s.report(Event{Kind: Skipped, Run: r})
		return removeState(r.Folder)
	}
	j := &job{session: s, run: r, frames: s.plan.Frames}
	return j.paint(ctx)
}
