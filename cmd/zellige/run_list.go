package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"zellige/internal/experiment"
)

// printPlan lists what would be run and why.
func (v *runFlags) printPlan(w io.Writer, plan *experiment.Plan, needs *planNeeds) error {
	if v.json {
		return printJSON(w, plan, needs)
	}
	return printTable(w, plan)
}

// listed is a run as a workflow tool reads it.
type listed struct {
	Name   string `json:"name"`
	State  string `json:"state"` // new, changed, interrupted or done
	Why    string `json:"why"`
	Folder string `json:"folder"`
	// Seconds are foreseen for a machine of speed 1 (docs/performance.md), 0 if done.
	Seconds float64 `json:"seconds"`
	Memory  int64   `json:"memory_bytes"` // foreseen peak, 0 if done
}

func printJSON(w io.Writer, plan *experiment.Plan, needs *planNeeds) error {
	to := json.NewEncoder(w)
	for _, r := range plan.Runs {
		n := needs.of(r)
		if err := to.Encode(listed{r.Name, r.Status.String(), flagNamed(r.Why), r.Folder, n.work.Seconds(), n.memory}); err != nil {
			return err
		}
	}
	return nil
}

func printTable(w io.Writer, plan *experiment.Plan) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "RUN\tSTATE\tWHY")
	for _, r := range plan.Runs {
		state := r.Status.String()
		if r.Why != "" {
			state += "\t" + flagNamed(r.Why)
		}
		fmt.Fprintf(t, "%s\t%s\n", r.Name, state)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d of %d would be run, into %s\n", len(plan.Pending()), len(plan.Runs), plan.Folder)
	return err
}
