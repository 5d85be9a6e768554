package main

import (
	"cmp"
	"fmt"
	"strconv"

	"zellige/internal/experiment"
)

// array is the variables by which a scheduler tells a task which of how many it is.
type array struct {
	scheduler         string
	task, first, step string // without a first one, tasks are numbered from 0
	count             string
}

var arrays = []array{
	{"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"},
	{"Kubernetes", "JOB_COMPLETION_INDEX", "", "", "JOB_COMPLETIONS"},
}

// shardOf is the part of the runs that is asked for by --shard or else by the
// environment, and where that is said; all runs if it is nowhere.
func shardOf(flag string, env func(string) string) (s experiment.Shard, from string, err error) {
	if flag != "" {
		if s, err = experiment.ParseShard(flag); err != nil {
			return s, "", &usageError{"--shard " + err.Error(), ""}
		}
		return s, "--shard" + ignored(s, env), nil
	}
	return shardFrom(env)
}

// ignored says that the environment means another shard than the flag.
func ignored(flag experiment.Shard, env func(string) string) string {
	switch other, variable, err := shardFrom(env); {
	case variable == "" || err == nil && other == flag:
		return ""
	case err != nil:
		return fmt.Sprintf("; %s does not count", variable)
	default:
		return fmt.Sprintf("; %s says %v, which does not count", variable, other)
	}
}

// shardFrom reads the environment. Kubernetes tells a task its number alone; the number
// of completions has to stand in JOB_COMPLETIONS.
func shardFrom(env func(string) string) (s experiment.Shard, from string, err error) {
	for _, a := range arrays {
		if env(a.task) == "" {
			continue
		}
		const hint = "--shard I/N says it by hand, and --shard 1/1 takes all runs"
		if env(a.count) == "" {
			return s, a.task, &usageError{fmt.Sprintf("%s is set, as by %s, but not %s, the number of tasks", a.task, a.scheduler, a.count), hint}
		}
		if s, err = a.shard(env); err != nil {
			return s, a.task, &usageError{fmt.Sprintf("the shard of %s and %s %v", a.task, a.count, err), hint}
		}
		return s, a.task, nil
	}
	return experiment.Shard{}, "", nil
}

// shard counts tasks from 1. Array 2-20:3 has the tasks 2, 5, 8 ...: the first is 2, the step 3.
func (a *array) shard(env func(string) string) (experiment.Shard, error) {
	task, taskErr := numberIn(env, a.task, 0)
	first, firstErr := numberIn(env, a.first, 0)
	step, stepErr := numberIn(env, a.step, 1)
	count, countErr := numberIn(env, a.count, 1)
	if err := cmp.Or(taskErr, firstErr, stepErr, countErr); err != nil {
		return experiment.Shard{}, err
	}
	if step < 1 || (task-first)%step != 0 {
		return experiment.Shard{}, fmt.Errorf("cannot be read: task %d is not at a step of %d from %d", task, step, first)
	}
	return experiment.NewShard((task-first)/step+1, count)
}

// numberIn reads a variable, which may be absent.
func numberIn(env func(string) string, variable string, absent int) (int, error) {
	text := env(variable)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("cannot be read: %s is %q, must be a number", variable, text)
	}
	return n, nil
}
