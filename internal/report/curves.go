package report

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/plot/plotter"
)

// The colours of the terms. Those of style layers go by layer, so that a layer has
// the same colour in every chart.
const (
	colorTotal   = 0
	colorContent = 1
	colorTV      = 2
	colorStyle   = 3 // of layer 0; layer l has colorStyle + l
)

// curves draws the losses of a run by term, or returns nil if there is no log.
func curves(run *Run) (*Chart, error) {
	if len(run.Steps) < 2 {
		return nil, nil
	}
	lines := []series{run.curve("total", colorTotal, func(s *Step) (float64, bool) { return float64(s.Total), true })}
	lines = append(lines, run.curve("content", colorContent, func(s *Step) (float64, bool) {
		if s.Content == nil {
			return 0, false
		}
		return float64(*s.Content), true
	}))
	for _, l := range slices.Sorted(maps.Keys(run.Steps[0].Style)) {
		lines = append(lines, run.curve(fmt.Sprintf("style %d", l), colorStyle+l, func(s *Step) (float64, bool) {
			v, ok := s.Style[l]
			return float64(v), ok
		}))
	}
	lines = append(lines, run.curve("TV", colorTV, func(s *Step) (float64, bool) { return float64(s.TV), true }))
	lines = slices.DeleteFunc(lines, func(s series) bool { return len(s.xy) < 2 })
	if len(lines) == 0 {
		return nil, nil
	}
	return newChart(axes{about: "Losses of " + run.ID + " by iteration", x: "iteration", y: "weighted loss", logY: true}, lines)
}

// curve leaves out what a logarithmic axis cannot show: terms of weight 0, and the
// content loss of the content picture itself.
func (r *Run) curve(name string, color int, value func(*Step) (float64, bool)) series {
	s := series{name: name, color: color}
	for i := range r.Steps {
		if v, ok := value(&r.Steps[i]); ok && v > 0 && !math.IsInf(v, 1) {
			s.xy = append(s.xy, plotter.XY{X: float64(r.Steps[i].Iteration), Y: v})
		}
	}
	return s
}
