package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/experiment"
	"zellige/internal/file"
	"zellige/internal/parameter"
	"zellige/internal/view"
)

const runCategory = "Runs:"

// How often the state of a run may be saved, in seconds.
const leastCheckpoint, mostCheckpoint = 0.1, 86400.0

// maxJobs bounds what is asked of the machine at a time.
const maxJobs = 256

func runCommand() *cli.Command {
	v := &runFlags{}
	return &cli.Command{
		Name:      "run",
		Usage:     "paint what an experiment file describes, and only what is not painted yet",
		UsageText: "zellige run FILE [flags]",
		ArgsUsage: "FILE",
		Description: "Each run gets a folder with picture.png, log.jsonl and manifest.json. A run that is\n" +
			"done is not done again unless its inputs change; one that was interrupted goes on.\n" +
			"Several processes may share an output folder. docs/experiments.md shows the format.",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Category: runCategory, Name: "out", Destination: &v.out, Usage: "`FOLDER` of the results (default: out/ and the file's name)"},
			&cli.StringSliceFlag{Category: runCategory, Name: "only", Destination: &v.only, KeepSpace: true,
				Usage: "only the run called `PATTERN`, else those whose name matches or contains it, such as 'tv/*'; may be given several times"},
			&cli.StringFlag{Category: runCategory, Name: "shard", Destination: &v.shard, Usage: "only every N-th run beginning with the I-th, as `I/N`; otherwise a task of a job array takes its part"},
			&cli.BoolFlag{Category: runCategory, Name: "list", Destination: &v.list, DisableDefaultText: true, Usage: "say what would be run and why, but run nothing"},
			&cli.BoolFlag{Category: runCategory, Name: "json", Destination: &v.json, DisableDefaultText: true, Usage: "with --list, a JSON object a line for each run"},
			&cli.BoolFlag{Category: runCategory, Name: "no-wait", Destination: &v.noWait, DisableDefaultText: true, Usage: "leave what another process is painting to it, instead of waiting in case it dies"},
			&cli.Float64Flag{Category: runCategory, Name: "checkpoint-every", Destination: &v.checkpoint, Value: 2, Usage: "save the state of a run every so many `SECONDS`, or less often where saving takes long"},
			&cli.BoolFlag{Category: runCategory, Name: "force", Destination: &v.force, DisableDefaultText: true, Usage: "run again what is done"},
			&cli.BoolFlag{Category: runCategory, Name: "resume-anyway", Destination: &v.anyway, DisableDefaultText: true, Usage: "go on with runs that another program, library or processor began; their bytes are not promised then"},
			&cli.IntFlag{Category: runCategory, Name: "jobs", Destination: &v.jobs, Value: 1, Usage: "`NUMBER` of runs at a time, which share the threads"},
			&cli.IntFlag{Category: runCategory, Name: "frames", Destination: &v.frames, Usage: "also keep every `N`th picture, in frames/"},
			&cli.StringFlag{Category: runCategory, Name: "images", Destination: &v.images, Usage: "`FOLDER` with your own pictures, taken instead of those of the same name"},
			&cli.BoolFlag{Category: runCategory, Name: "quiet", Destination: &v.quiet, DisableDefaultText: true, Usage: "no progress on standard error"},
			v.view.flag(runCategory),
		}, v.network.flags(), []cli.Flag{v.memory.sizeFlag(byRefusal)}),
		Action: inTime(v.run),
	}
}

// patience is how long an interrupted run may take to leave. Schedulers kill what stays.
const patience = 1700 * time.Millisecond

// inTime leaves what an action is doing when it takes too long after an interruption, as the
// scene of a large picture may. What runs leave behind is whole at any time.
func inTime(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		ended := make(chan error, 1)
		go func() { ended <- action(c) }()
		late := make(chan struct{})
		defer context.AfterFunc(c.Context, func() { time.Sleep(patience); close(late) })()
		select {
		case err := <-ended:
			return err
		case <-late:
			return &interruptedError{"in the middle of a step; the same command goes on from what is saved"}
		}
	}
}

type runFlags struct {
	out, shard, images string
	only               cli.StringSlice
	list, force, quiet bool
	json, noWait       bool
	checkpoint         float64 // seconds
	anyway             bool
	jobs, frames       int
	network            networkFlags
	memory             memoryFlags // the size alone
	view               viewFlag
}

func (v *runFlags) run(c *cli.Context) error {
	file, err := oneArgument(c)
	if err != nil {
		return err
	}
	if err := v.check(); err != nil {
		return err
	}
	n, err := v.network.read()
	if err != nil {
		return err
	}
	needs, err := v.planNeeds(c)
	if err != nil {
		return err
	}
	shard, from, err := shardOf(v.shard, os.Getenv)
	if err != nil {
		return err
	}
	plan, err := v.plan(n, file, shard, needs.add)
	if err != nil {
		return err
	}
	if v.list {
		return v.printPlan(c.App.Writer, plan, needs)
	}
	m := newMessages(c.App.ErrWriter, v.quiet)
	if shard.Count > 0 {
		m.say("shard %v (%s): %d of the runs", shard, from, len(plan.Runs))
	}
	if err := needs.check(); err != nil {
		return err
	}
	return v.view.during(c, m, func(s *view.Server) error {
		m.view = s
		return v.paint(c, n, plan, needs, m)
	})
}

// plan reads the file and compares it with the output folder; look is shown the runs
// that have to be done.
func (v *runFlags) plan(n *network, file string, shard experiment.Shard, look func(*experiment.Planned, *zellige.Plan)) (*experiment.Plan, error) {
	e, err := experiment.Load(file, experiment.Setting{Images: v.images, Network: n.info})
	if err != nil {
		return nil, err
	}
	tool, err := n.tool()
	if err != nil {
		return nil, err
	}
	plan, err := e.Plan(v.folder(file), experiment.Request{
		Tool: tool, Only: v.only.Value(), Shard: shard, Frames: v.frames, Force: v.force, Anyway: v.anyway, Look: look,
	})
	var pattern *experiment.PatternError
	if errors.As(err, &pattern) {
		return nil, &usageError{"--only: " + pattern.Error(), ""}
	}
	return plan, err
}

func (v *runFlags) check() error {
	if v.jobs < 1 || v.jobs > maxJobs {
		return &parameter.Error{Name: "jobs", Reason: fmt.Sprintf("is %d, must be 1 to %d", v.jobs, maxJobs)}
	}
	if v.frames < 0 {
		return &parameter.Error{Name: "frames", Reason: fmt.Sprintf("is %d, must be 0 or more", v.frames)}
	}
	if v.json && !v.list {
		return &usageError{"--json is given without --list", ""}
	}
	if v.checkpoint < leastCheckpoint || v.checkpoint > mostCheckpoint || math.IsNaN(v.checkpoint) {
		return &parameter.Error{Name: "checkpoint-every", Reason: fmt.Sprintf("is %g, must be %g to %g seconds", v.checkpoint, leastCheckpoint, mostCheckpoint)}
	}
	return checkImages(v.images)
}

// checkImages makes sure that the folder of --images is there; "" is none.
func checkImages(folder string) error {
	if folder == "" {
		return nil
	}
	info, err := os.Stat(folder)
	if err != nil {
		return &usageError{fmt.Sprintf("--images %q: %v", folder, file.Reason(err)), ""}
	}
	if !info.IsDir() {
		return &usageError{fmt.Sprintf("--images %q is not a folder", folder), ""}
	}
	return nil
}

// folder is the file's own, so that two files do not paint over each other.
func (v *runFlags) folder(file string) string {
	if v.out != "" {
		return v.out
	}
	base := filepath.Base(file)
	return filepath.Join("out", strings.TrimSuffix(base, filepath.Ext(base)))
}

// paint opens the network for as long as the plan takes. If all is done it needs none.
func (v *runFlags) paint(c *cli.Context, n *network, plan *experiment.Plan, needs *planNeeds, m *messages) error {
	display := newRunDisplay(m, plan, needs)
	runner := experiment.Runner{Jobs: v.jobs, Tell: display.event, SaveEvery: seconds(v.checkpoint), Leave: v.noWait}
	if len(plan.Pending()) == 0 {
		err := plan.Run(c.Context, nil, runner)
		display.close()
		return err
	}
	model, err := n.openFor(v.jobs)
	if err != nil {
		return err
	}
	if err := needs.announce(c.Context, model, m); err != nil {
		return errors.Join(err, model.Close())
	}
	plan.Tool.LibraryVersion = n.libraryVersion
	plan.Tool.Threads = model.Threads()
	err = plan.Run(c.Context, model, runner)
	display.close()
	return errors.Join(display.outcome(err), model.Close())
}

// firstFew joins what is worth reading of a list.
func firstFew(list []string) string {
	const most = 3
	if len(list) > most {
		list = append(list[:most:most], fmt.Sprintf("and %d more", len(list)-most))
	}
	return strings.Join(list, "; ")
}
