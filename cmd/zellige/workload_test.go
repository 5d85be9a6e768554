package main

import (
	"testing"
	"time"

	"zellige"
	"zellige/internal/experiment"
	"zellige/internal/record"
)

// TestWorkload: a run of twice the size is four times the work, and what was done
// before does not make this process look fast.
func TestWorkload(t *testing.T) {
	small := &experiment.Planned{Run: experiment.Run{Task: record.Task{Options: zellige.Options{ImageSize: 10, Iterations: 100}}}}
	large := &experiment.Planned{Run: experiment.Run{Task: record.Task{Options: zellige.Options{ImageSize: 20, Iterations: 100}}}}
	w := newWorkload([]*experiment.Planned{small, large})
	if w.left() != "" {
		t.Errorf("%q is left before anything is known", w.left())
	}
	w.event(experiment.Event{Kind: experiment.Started, Run: small, Iteration: 50})
	for i := 50; i < 100; i++ {
		w.event(experiment.Event{Kind: experiment.Stepped, Run: small, Iteration: i})
	}
	w.event(experiment.Event{Kind: experiment.Finished, Run: small})
	if w.share() != 0.2 {
		t.Errorf("share %g, want 0.2", w.share())
	}
	w.began = time.Now().Add(-time.Second) // 50 iterations a second
	if got := w.left(); got != ", 8.0 s left" {
		t.Errorf("%q, want 8 s", got)
	}
	w.event(experiment.Event{Kind: experiment.Skipped, Run: large})
	if w.share() != 1 || w.left() != "" {
		t.Errorf("at the end: share %g, %q", w.share(), w.left())
	}
}
