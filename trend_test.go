package zellige

import (
	"testing"

	"zellige/losses"
)

func TestTrend(t *testing.T) {
	const iterations = 300
	for _, c := range []struct {
		name string
		loss func(t int) float64
		at   int // iteration at which it is told, -1 for never
	}{
		{"falling", func(t int) float64 { return 1e6 / float64(t+1) }, -1},
		{"constant", func(int) float64 { return 5 }, -1},
		{"zero", func(int) float64 { return 0 }, -1},
		{"first steps too large", func(t int) float64 { return 10 + float64(max(0, min(t, 250-t))) }, -1},
		{"slowly rising", func(t int) float64 { return 1000 + float64(t) }, iterations - 1},
		{"rising fast", func(t int) float64 { return float64(t + 1) }, 20 + patience - 1},
	} {
		var trend Trend
		at := -1
		for i := range iterations {
			if trend.Warning(Step{Iteration: i, Iterations: iterations, Losses: losses.Values{TV: c.loss(i)}}) == "" {
				continue
			}
			if at >= 0 {
				t.Errorf("%s: told at %d and again at %d", c.name, at, i)
			}
			at = i
		}
		if at != c.at {
			t.Errorf("%s: told at %d, want %d", c.name, at, c.at)
		}
	}
}

// TestTrendAtScales: the loss of a larger picture is higher and has not risen.
func TestTrendAtScales(t *testing.T) {
	o := fineFake()
	plan := &Plan{}
	for _, s := range o.scales() {
		plan.Stages = append(plan.Stages, Stage{Scale: s})
	}
	var trend Trend
	for i := range o.Iterations {
		size := plan.Stages[i/10].Size
		loss := losses.Values{TV: 100*float64(size*size) - float64(i)}
		if text := trend.Warning(Step{Iteration: i, Iterations: o.Iterations, Losses: loss, Plan: plan, Stage: i / 10}); text != "" {
			t.Errorf("iteration %d: %s", i, text)
		}
	}
}

func TestTrendOfAResumedRun(t *testing.T) {
	var trend Trend
	for i := 100; i < 200; i++ {
		if text := trend.Warning(Step{Iteration: i, Iterations: 200, Losses: losses.Values{TV: float64(i)}}); text != "" {
			t.Errorf("iteration %d: %s", i, text)
		}
	}
}
