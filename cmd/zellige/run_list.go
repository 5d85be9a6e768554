package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"zellige/internal/experiment"
)

// printPlan lists what would be run and why.
func printPlan(w io.Writer, plan *experiment.Plan) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "RUN\tSTATE\tWHY")
	for _, r := range plan.Runs {
		state := r.Status.String()
		if r.Why != "" {
			state += "\t" + r.Why
		}
		fmt.Fprintf(t, "%s\t%s\n", r.Name, state)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d of %d would be run, into %s\n", len(plan.Pending()), len(plan.Runs), plan.Folder)
	return err
}
