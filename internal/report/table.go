package report

import (
	"fmt"
	"maps"
	"slices"

	"gonum.org/v1/plot/plotter"
)

// Table is a table of numbers, one run a row.
type Table struct {
	Caption string
	Head    []string
	Rows    []Row
}

// Row is a run in a table.
type Row struct {
	Label       string
	Title       string // the run's name
	IsReference bool
	Cells       []Cell
}

// Cell is a number with a shade of 0 to 1, or none if it is negative.
type Cell struct {
	Number
	Shade float64
}

// tables are what was measured of a sweep.
func (s *Sweep) tables() []Table {
	switch {
	case s.Reference == nil:
		return []Table{s.depthTable()}
	case slices.Equal(s.Keys, []string{keyStyleLayers}):
		return []Table{s.styleTable(), s.quantityTable()}
	}
	return []Table{s.quantityTable()}
}

// rows are the runs of a sweep with their cells.
func (s *Sweep) rows(cells func(*Run) []Cell) []Row {
	var rows []Row
	for _, run := range s.ordered() {
		rows = append(rows, Row{s.label(run), run.ID, run == s.Reference, cells(run)})
	}
	return rows
}

// quantityTable shows what the losses and independent measures say.
func (s *Sweep) quantityTable() Table {
	t := Table{Caption: "Measured of the pictures"}
	for _, q := range judged() {
		t.Head = append(t.Head, upperFirst(q.name))
	}
	t.Rows = s.rows(func(run *Run) []Cell {
		var cells []Cell
		for _, q := range judged() {
			n, _, _ := q.number(run)
			cells = append(cells, Cell{n, -1})
		}
		return cells
	})
	return t
}

// styleTable shows the distance of the Gram matrices at all layers that are an
// objective's, and at the judges.
func (s *Sweep) styleTable() Table {
	used := map[int]bool{}
	for _, l := range judges {
		used[l] = true
	}
	for _, run := range s.all() {
		for _, l := range run.Options.Objective.Style.Layers {
			used[l] = true
		}
	}
	t := Table{Caption: "Distance to the style’s Gram matrix by layer; the content picture is at 100" + thinSpace + "%"}
	layers := slices.Sorted(maps.Keys(used))
	for _, l := range layers {
		t.Head = append(t.Head, fmt.Sprintf("layer %d", l))
	}
	t.Rows = s.rows(func(run *Run) []Cell {
		var cells []Cell
		for _, l := range layers {
			n, x, ok := styleQuantity(l).number(run)
			cells = append(cells, Cell{n, shadeIf(ok, x)})
		}
		return cells
	})
	return t
}

// depthTable shows how far the features of an inversion are from the picture's, at
// each layer.
func (s *Sweep) depthTable() Table {
	t := Table{Caption: "Kept of the picture, and the distance of its features by layer (0 equal, 2 nothing in common)",
		Head: []string{"SSIM", "colour off by"}}
	layers := s.measuredLayers()
	for _, l := range layers {
		t.Head = append(t.Head, fmt.Sprintf("at %d", l))
	}
	t.Rows = s.rows(func(run *Run) []Cell {
		similarity, x, ok := quantitySSIM.number(run)
		color, _, _ := quantityColorContent.number(run)
		cells := []Cell{{similarity, shadeIf(ok, 1-x)}, {color, -1}}
		for _, l := range layers {
			n, d, ok := contentQuantity(l).number(run)
			if ok {
				n.Text = fmt.Sprintf("%.2f", d)
			}
			cells = append(cells, Cell{n, shadeIf(ok, d)})
		}
		return cells
	})
	return t
}

// measuredLayers are those at which all runs were measured.
func (s *Sweep) measuredLayers() []int {
	var layers []int
	for _, run := range s.all() {
		if run.Measures == nil {
			return nil
		}
		layers = slices.Sorted(maps.Keys(run.Measures.Layers))
	}
	return layers
}

// shadeIf is x between 0 and 1, or no shade.
func shadeIf(ok bool, x float64) float64 {
	if !ok {
		return -1
	}
	return max(0, min(1, x))
}

// chart draws what the sweep is about over its values, nil if that is nothing.
func (s *Sweep) chart() (*Chart, error) {
	if len(s.Keys) != 1 {
		return nil, nil
	}
	runs := s.ordered()
	a := axes{x: wordsOf(s.Keys[0], runs[0])}
	for _, run := range runs {
		a.categories = append(a.categories, run.parameter(s.Keys[0]))
	}
	var line series
	switch s.Keys[0] {
	case keyTVWeight:
		a.y, a.logY, line = "total variation", true, points(quantityTV, colorTV, runs)
	case keyContentWeight:
		a.y, line = "content distance", points(quantityContent, colorContent, runs)
	case keyContentLayer:
		a.y, line = "SSIM", points(quantitySSIM, colorContent, runs)
	}
	if len(line.xy) < 2 {
		return nil, nil
	}
	a.about = upperFirst(a.y) + " over " + a.x
	return newChart(a, []series{line})
}

// points are a quantity of runs, at 0, 1, and so on.
func points(q quantity, color int, runs []*Run) series {
	s := series{name: q.name, color: color, marks: true}
	for i, run := range runs {
		if _, y, ok := q.number(run); ok {
			s.xy = append(s.xy, plotter.XY{X: float64(i), Y: y})
		}
	}
	return s
}
