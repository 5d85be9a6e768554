package main

import (
	"fmt"
	"strconv"

	"zellige/internal/experiment"
)

// arrays are the variables by which schedulers tell a task which of how many it is.
var arrays = []struct {
	name               string // of the scheduler
	task, first, count string // variables; without first, tasks are numbered from 0
	step               string
}{
	{"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_STEP"},
	{"Kubernetes", "JOB_COMPLETION_INDEX", "", "JOB_COMPLETIONS", ""},
}

// shardOf is the part of the runs that is asked for by --shard or else by the
// environment, and where that is said; all runs if it is nowhere.
func shardOf(flag string, env func(string) string) (s experiment.Shard, from string, err error) {
	if flag != "" {
		if s, err = experiment.ParseShard(flag); err != nil {
			return s, "", &usageError{"--shard " + err.Error(), ""}
		}
		if other, variable, err := shardFrom(env); err == nil && variable != "" && other != s {
			return s, fmt.Sprintf("--shard; %s says %v, which does not count", variable, other), nil
		}
		return s, "--shard", nil
	}
	return shardFrom(env)
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
			return s, "", &usageError{fmt.Sprintf("%s is set, as by %s, but not %s, the number of tasks", a.task, a.name, a.count), hint}
		}
		if s, err = taskShard(env, a.task, a.first, a.count, a.step); err != nil {
			return s, "", &usageError{fmt.Sprintf("the shard of %s and %s %v", a.task, a.count, err), hint}
		}
		return s, a.task, nil
	}
	return experiment.Shard{}, "", nil
}

// taskShard counts tasks from 1. Array 2-20:3 has the tasks 2, 5, 8 ...: the first is 2, the step 3.
func taskShard(env func(string) string, task, first, count, step string) (experiment.Shard, error) {
	number := func(variable string, absent int) (n int, err error) {
		if variable == "" || env(variable) == "" {
			return absent, nil
		}
		if n, err = strconv.Atoi(env(variable)); err != nil {
			err = fmt.Errorf("cannot be read: %s is %q, must be a number", variable, env(variable))
		}
		return n, err
	}
	var values [4]int
	for i, v := range []string{task, first, step, count} {
		n, err := number(v, i/2) // a first task of 0 and a step of 1
		if err != nil {
			return experiment.Shard{}, err
		}
		values[i] = n
	}
	if values[2] < 1 || (values[0]-values[1])%values[2] != 0 {
		return experiment.Shard{}, fmt.Errorf("cannot be read: task %d is not at a step of %d from %d", values[0], values[2], values[1])
	}
	return experiment.NewShard((values[0]-values[1])/values[2]+1, values[3])
}
