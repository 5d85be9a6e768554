package main

import (
	"strings"
	"testing"
)

func TestShardOf(t *testing.T) {
	slurm := map[string]string{"SLURM_ARRAY_TASK_ID": "8", "SLURM_ARRAY_TASK_MIN": "2", "SLURM_ARRAY_TASK_STEP": "3", "SLURM_ARRAY_TASK_COUNT": "7"}
	kubernetes := map[string]string{"JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "5"}
	with := func(m map[string]string, key, value string) map[string]string {
		changed := map[string]string{key: value}
		for k, v := range m {
			if _, is := changed[k]; !is {
				changed[k] = v
			}
		}
		return changed
	}
	for _, tt := range []struct {
		flag        string
		env         map[string]string
		want, words string
	}{
		{"", nil, "0/0", ""},
		{"3/8", nil, "3/8", "--shard"},
		{"", slurm, "3/7", "SLURM_ARRAY_TASK_ID"},
		{"", kubernetes, "1/5", "JOB_COMPLETION_INDEX"},
		{"1/2", slurm, "1/2", "SLURM_ARRAY_TASK_ID says 3/7"},
		{"3/7", slurm, "3/7", "--shard"},
		{"1/2", with(slurm, "SLURM_ARRAY_TASK_COUNT", "many"), "1/2", "SLURM_ARRAY_TASK_ID does not count"},
		{"0/4", nil, "", "first number must be 1 to 4"},
		{"5/4", slurm, "", "first number must be 1 to 4"},
		{"1/0", nil, "", "second number must be at least 1"},
		{"x", nil, "", "two numbers"},
		{"", with(kubernetes, "JOB_COMPLETIONS", ""), "", "but not JOB_COMPLETIONS"},
		{"", with(kubernetes, "JOB_COMPLETION_INDEX", "5"), "", "is 6/5"},
		{"", with(slurm, "SLURM_ARRAY_TASK_ID", "9"), "", "not at a step of 3 from 2"},
		{"", with(slurm, "SLURM_ARRAY_TASK_COUNT", "many"), "", "must be a number"},
	} {
		s, from, err := shardOf(tt.flag, func(key string) string { return tt.env[key] })
		if tt.want == "" {
			if err == nil || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("%q, %v: got %v, want %q", tt.flag, tt.env, err, tt.words)
			}
			continue
		}
		if err != nil || s.String() != tt.want || !strings.Contains(from, tt.words) {
			t.Errorf("%q, %v: %v from %q, %v", tt.flag, tt.env, s, from, err)
		}
	}
}
