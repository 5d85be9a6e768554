package forecast

import (
	"testing"
	"time"

	"zellige"
)

// TestPace paints three scales, the pixels of which double from one to the next, at
// a second for the coarsest and three more for the first step of each.
func TestPace(t *testing.T) {
	const iterations = 30
	plan := &zellige.Plan{}
	for i, size := range []int{32, 45, 64} {
		plan.Stages = append(plan.Stages, zellige.Stage{Scale: zellige.Scale{Size: size, First: 10 * i, End: 10 * (i + 1)}})
	}
	var pace Pace
	elapsed, wants := 0.0, map[int]float64{0: 0, 1: 8 + 20 + 40, 9: 20 + 40, 10: 18 + 40, 11: 16 + 40, 20: 36, 21: 32, 29: 0}
	for i := range iterations {
		seconds := float64(int(1) << (i / 10))
		if elapsed += seconds; i%10 == 0 {
			elapsed += 3
		}
		pace.Step(zellige.Step{Iteration: i, Iterations: iterations, Plan: plan, Stage: i / 10,
			Elapsed: time.Duration(elapsed * float64(time.Second))})
		left, known := pace.Left()
		if known != (i > 0) {
			t.Errorf("iteration %d: known %v", i, known)
		}
		// Sides are whole pixels: the middle scale has 45, not 45.25.
		if want, ok := wants[i]; ok && (left.Seconds() < 0.97*want || left.Seconds() > 1.03*want) {
			t.Errorf("iteration %d: %v left, want %g s", i, left, want)
		}
	}
}

func TestPaceOfAResumedRun(t *testing.T) {
	var pace Pace
	for i := 150; i < 152; i++ {
		pace.Step(zellige.Step{Iteration: i, Iterations: 200, Elapsed: time.Duration(i-149) * time.Second})
	}
	if left, known := pace.Left(); !known || left != 48*time.Second {
		t.Errorf("%v left, want 48 s", left)
	}
}
