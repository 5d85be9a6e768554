package experiment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"zellige"
	"zellige/internal/record"
	"zellige/picture"
)

// job paints one run in its locked folder.
type job struct {
	workers *workers
	run     *Planned
	frames  int

	from    *saved // where it goes on, nil at the beginning
	log     *runLog
	first   *record.LossSums
	saves   saves
	trend   zellige.Trend
	stop    context.CancelFunc
	failure error // of the log, the state or the frames
}

// paint does the run from where it stands to its manifest.
func (j *job) paint(ctx context.Context) error {
	in, err := j.run.Read(record.OpenFile)
	if err == nil {
		err = j.run.unchanged(in.Sums)
	}
	if err != nil {
		return err
	}
	for _, w := range in.Warnings {
		j.warn(w)
	}
	if err := j.begin(); err != nil {
		return err
	}
	result, err := j.optimise(ctx, in.Pictures)
	if diverged := (*zellige.DivergedError)(nil); errors.As(err, &diverged) {
		err = j.keepDiverged(result, diverged)
	}
	if err != nil {
		_ = j.log.close() // a state is only saved behind a log that is on the disk
		return j.run.nameFile(err)
	}
	m, err := j.finish(ctx, result, &in.Pictures)
	if err != nil {
		return err
	}
	j.workers.tell(Event{Kind: Finished, Run: j.run, Manifest: m})
	return nil
}

// begin finds out where to go on and opens the log there.
func (j *job) begin() error {
	if err := errors.Join(removeTemporary(j.run.Folder), removeTemporary(j.path(stateFrames))); err != nil {
		return err
	}
	j.from = j.usableState()
	length := int64(0)
	if j.from != nil {
		length, j.first, j.frames = j.from.LogBytes, j.from.First, j.from.Frames
		j.from.Resumed++
		j.run.Recipe.Continued = j.from.Recipe.Continued
		if painter := j.run.painter(j.from); painter != "" {
			j.run.Recipe.Continued = append(j.run.Recipe.Continued, painter)
		}
	} else if err := os.RemoveAll(j.path(stateFrames)); err != nil {
		return err
	}
	var err error
	j.log, err = openLog(j.path(stateLogFile), length)
	if err != nil {
		return err
	}
	j.saves = newSaves(j.workers.runner.SaveEvery, j.start())
	j.workers.tell(Event{Kind: Started, Run: j.run, Iteration: j.start()})
	return nil
}

// usableState returns the saved state if this run can go on from it, and says so
// if there is one from which it cannot.
func (j *job) usableState() *saved {
	s, err := readState(j.path(stateFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	why := ""
	if err != nil {
		why = err.Error()
	} else if why = j.run.continues(s, j.workers.plan.Frames); why != "" {
		why = "it is of another run: " + why
	} else {
		why = j.missing(s)
	}
	if why != "" {
		j.warn(fmt.Sprintf("the saved state %q cannot be used, %s; the run starts anew", j.path(stateFile), why))
		return nil
	}
	return s
}

// missing says what else the state needs and is not there.
func (j *job) missing(s *saved) string {
	if !isLog(j.path(stateLogFile), s.LogBytes, s.LogSum) {
		return "its log is missing or truncated, or another's"
	}
	if s.State.Iteration < 0 || s.State.Iteration > j.run.Options.Iterations || s.First == nil {
		return "it is damaged"
	}
	if !j.hasFrames(s.Frames, s.State.Iteration) {
		return "its frames are missing"
	}
	return ""
}

func (j *job) warn(text string) {
	j.workers.tell(Event{Kind: Warned, Run: j.run, Text: text})
}

func (j *job) path(name string) string { return filepath.Join(j.run.Folder, name) }

func (j *job) start() int {
	if j.from == nil {
		return 0
	}
	return j.from.State.Iteration
}

// seconds are those of earlier processes.
func (j *job) seconds() float64 {
	if j.from == nil {
		return 0
	}
	return j.from.Seconds
}

// grace is how long an interrupted run may take to reach its next iteration, where
// its state can be saved.
const grace = time.Second

// optimise runs the loop. An interruption first lets the iteration end and the
// state be saved.
func (j *job) optimise(ctx context.Context, p zellige.Pictures) (*zellige.Result, error) {
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	j.stop = cancel
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })()
	task := j.run.Task
	if j.from != nil {
		task.Options.Resume = &j.from.State
	}
	task.Options.Progress = func(s zellige.Step) { j.step(ctx, s) }
	result, err := task.Paint(inner, j.workers.model, p)
	switch {
	case j.failure != nil:
		return nil, j.failure
	case ctx.Err() != nil && err != nil:
		j.workers.tell(Event{Kind: Stopped, Run: j.run, Iteration: j.saves.iteration})
		return nil, ctx.Err()
	}
	return result, err
}

// keepDiverged writes the last picture that is one, if any step was taken. The
// state goes: from there the run would diverge again.
func (j *job) keepDiverged(r *zellige.Result, diverged *zellige.DivergedError) error {
	err := fmt.Errorf("%w; %s", diverged, diverged.Hint())
	if r.Iterations > 0 {
		path := j.path(record.DivergedFile)
		if writeErr := picture.Write(path, r.Image); writeErr != nil {
			return errors.Join(err, writeErr)
		}
		err = fmt.Errorf("%w; %s is the picture after %d iterations", err, path, r.Iterations)
	}
	return errors.Join(err, os.RemoveAll(j.path(stateFile)))
}

// step keeps what an iteration leaves behind.
func (j *job) step(ctx context.Context, s zellige.Step) {
	if j.failure != nil {
		return
	}
	if err := j.keep(ctx, s); err != nil {
		j.failure = err
		j.stop()
		return
	}
	if text := j.trend.Warning(s); text != "" {
		j.warn(text)
	}
	j.workers.tell(Event{Kind: Stepped, Run: j.run, Iteration: s.Iteration, Step: s})
}

func (j *job) keep(ctx context.Context, s zellige.Step) error {
	if j.first == nil {
		first := record.NewLossSums(s.Losses)
		j.first = &first
	}
	if j.frames > 0 && s.Iteration > 0 && s.Iteration%j.frames == 0 {
		if err := j.writeFrame(s.Iteration, s.Image()); err != nil {
			return err
		}
	}
	interrupted := ctx.Err() != nil
	if interrupted || j.saves.due() {
		if err := j.save(s); err != nil {
			return err
		}
	}
	if interrupted {
		j.stop()
		return nil
	}
	return j.log.add(record.LogLine{Iteration: s.Iteration, LossSums: record.NewLossSums(s.Losses), Seconds: j.seconds() + s.Elapsed.Seconds()}.JSON())
}

// save writes the state before this iteration's line of the log: the iteration will
// be evaluated again.
func (j *job) save(s zellige.Step) error {
	if s.Iteration == j.start() {
		return nil // nothing new
	}
	began := time.Now()
	if err := j.log.sync(); err != nil {
		return err
	}
	state := &saved{
		Recipe: j.run.Recipe, LogBytes: j.log.length, LogSum: j.log.sum(), Seconds: j.seconds() + s.Elapsed.Seconds(),
		First: j.first, Frames: j.frames, Resumed: j.resumed(), State: s.State(),
	}
	if err := state.write(j.path(stateFile)); err != nil {
		return err
	}
	j.saves.done(s.Iteration, time.Since(began))
	return nil
}

func (j *job) resumed() int {
	if j.from == nil {
		return 0
	}
	return j.from.Resumed
}

// saves decides when to save: often at first, so that short runs have something to
// go on from, then every limit.
type saves struct {
	every     time.Duration
	limit     time.Duration
	last      time.Time
	iteration int // of the last save
}

// firstSave is how long a run goes before it is saved for the first time.
const firstSave = 100 * time.Millisecond

func newSaves(limit time.Duration, iteration int) saves {
	return saves{every: min(firstSave, limit), limit: limit, last: time.Now(), iteration: iteration}
}

func (s *saves) due() bool { return time.Since(s.last) >= s.every }

// done keeps the time that saving takes under a twentieth of all.
func (s *saves) done(iteration int, took time.Duration) {
	s.iteration, s.last = iteration, time.Now()
	s.every = max(min(2*s.every, s.limit), 20*took)
}
