package report

import (
	"fmt"
	"maps"
	"slices"

	"zellige/internal/chart"
	"zellige/internal/record"
)

// The colours of the terms. Those of style layers go by layer, so that a layer has
// the same colour in every chart.
const (
	colorTotal   = 0
	colorContent = 1
	colorTV      = 2
	colorStyle   = 3 // of layer 0; layer l has colorStyle + l
)

// curves draws the losses of a run by term, or returns nil if its log, [record.LogLine]
// by step, has none. A logarithmic axis cannot show terms of weight 0, nor the content
// loss of the content picture itself.
func curves(id string, log []record.LogLine) *chart.Chart {
	if len(log) < 2 {
		return nil
	}
	curve := func(name string, color int, value func(*record.LogLine) float64) chart.Line {
		line := chart.Line{Name: name, Color: color}
		for i := range log {
			line.Points = append(line.Points, chart.Point{X: float64(log[i].Iteration), Y: value(&log[i])})
		}
		return line
	}
	lines := []chart.Line{
		curve("total", colorTotal, func(s *record.LogLine) float64 { return float64(s.Total) }),
		curve("content", colorContent, func(s *record.LogLine) float64 {
			if s.Content == nil {
				return 0
			}
			return float64(*s.Content)
		}),
	}
	for _, l := range slices.Sorted(maps.Keys(log[0].Style)) {
		lines = append(lines, curve(fmt.Sprintf("style %d", l), colorStyle+l, func(s *record.LogLine) float64 { return float64(s.Style[l]) }))
	}
	lines = append(lines, curve("style, matched", colorStyle, func(s *record.LogLine) (sum float64) {
		for _, x := range s.Match {
			sum += float64(x)
		}
		return sum
	}))
	lines = append(lines, curve("TV", colorTV, func(s *record.LogLine) float64 { return float64(s.TV) }))
	return newChart(chart.Chart{About: "Losses of " + id + " by iteration",
		X: chart.Axis{Label: "iteration"}, Y: chart.Axis{Label: "weighted loss", Log: true}, Lines: lines})
}

// newChart leaves out what would be no line, and returns nil if nothing remains.
func newChart(c chart.Chart) *chart.Chart {
	c.Lines = slices.DeleteFunc(c.Lines, func(l chart.Line) bool { return c.Shown(l) < 2 })
	if len(c.Lines) == 0 {
		return nil
	}
	return &c
}
