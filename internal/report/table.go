package report

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"zellige/internal/chart"
)

// Table is a table of numbers, one run a row.
type Table struct {
	Caption string
	Head    []string
	Rows    []Row
	Count   int           // of all rows
	More    iter.Seq[Row] // that the page's script shows when they are asked for; nil for none
}

// Row is a run in a table.
type Row struct {
	Label       string
	Title       string // the run's name
	Href        string // of its manifest, if its numbers lead nowhere
	Image       *Image // a small one, or nil
	File        string // the address of the whole picture
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
func (s *Sweep) rows(cells func(*Painted) []Cell) []Row {
	var rows []Row
	for _, run := range s.ordered() {
		rows = append(rows, Row{Label: s.label(run), Title: run.ID, IsReference: run == s.Reference, Cells: cells(run)})
	}
	return rows
}

// quantityTable shows what the losses and independent measures say.
func (s *Sweep) quantityTable() Table {
	t := Table{Caption: "Measured of the pictures"}
	for _, q := range commonQuantities() {
		t.Head = append(t.Head, upperFirst(q.name))
	}
	t.Rows = s.rows(func(run *Painted) []Cell {
		var cells []Cell
		for _, q := range commonQuantities() {
			n, _, _ := q.number(run)
			cells = append(cells, Cell{n, -1})
		}
		return cells
	})
	return t
}

// styleTable shows the distance of the Gram matrices at all layers that are an
// objective's, and at the neutral layers.
func (s *Sweep) styleTable() Table {
	used := map[int]bool{}
	for _, l := range neutralLayers {
		used[l] = true
	}
	for _, run := range s.all() {
		for _, l := range run.manifest().Options.Objective.Style.Layers {
			used[l] = true
		}
	}
	t := Table{Caption: "Distance to the style’s Gram matrix by layer; the content picture is at 100" + thinSpace + "%"}
	layers := slices.Sorted(maps.Keys(used))
	for _, l := range layers {
		t.Head = append(t.Head, fmt.Sprintf("layer %d", l))
	}
	t.Rows = s.rows(func(run *Painted) []Cell {
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
	t.Rows = s.rows(func(run *Painted) []Cell {
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
		if run.manifest().Measures == nil {
			return nil
		}
		layers = slices.Sorted(maps.Keys(run.manifest().Measures.Layers))
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
func (s *Sweep) chart() *chart.Chart {
	if len(s.Keys) != 1 {
		return nil
	}
	q, color := styleQuantity(12), colorStyle+12
	switch s.Keys[0] {
	case keyTVWeight:
		q, color = quantityTV, colorTV
	case keyContentWeight:
		q, color = quantityContent, colorContent
	case keyContentLayer:
		q, color = quantitySSIM, colorContent
	case keyStyleLayers:
		return nil
	}
	runs := s.ordered()
	x := chart.Axis{Label: wordsOf(s.Keys[0], runs[0]), Log: strings.HasSuffix(s.Keys[0], "_weight"), Zero: true}
	line := chart.Line{Name: q.name, Color: color, Dots: true, Loose: len(runs) < leastJoined}
	for _, run := range runs {
		at, err := strconv.ParseFloat(run.parameter(s.Keys[0]), 64)
		if _, y, ok := q.number(run); ok && err == nil {
			line.Points = append(line.Points, chart.Point{X: at, Y: y})
		}
	}
	return newChart(chart.Chart{About: upperFirst(q.name) + " over " + x.Label, X: x,
		Y: chart.Axis{Label: q.name, Log: s.Keys[0] == keyTVWeight}, Lines: []chart.Line{line}})
}

// leastJoined is the number of points that a line says something of what lies between.
const leastJoined = 5
