// Package chart draws lines as SVG. The colours are variables of the style sheet
// around it (--line0, --line1, ..., --quiet for text and axes, --rule for the
// grid), so that a chart follows the page into the night.
package chart

import (
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strings"
)

// Chart is a plot of lines.
type Chart struct {
	About string // what it shows, for those who cannot see it
	X, Y  Axis
	Lines []Line
}

// Axis is one of the two axes.
type Axis struct {
	Label    string
	Log      bool // values that are not positive are left out
	Zero     bool // of a logarithmic axis: 0 has a place of its own, before a break
	FromZero bool // the axis begins at 0 or below
}

// Line joins its points in their order. NaN and infinite ones are left out.
type Line struct {
	Name   string
	Color  int  // c is --line<c>
	Dots   bool // mark the points
	Loose  bool // do not join them
	Points []Point
}

// Point is a place in the units of the axes.
type Point struct{ X, Y float64 }

// The size of a chart and the room around its plot, in units of the viewBox. It is
// drawn for the width of a phone and scaled up elsewhere.
const (
	width, height = 360, 216
	top, bottom   = 22, height - 34
	right         = width - 14 // half of the last number
	letterWidth   = 6          // of a number at 10 units, at most
)

//go:embed chart.svg
var source string

// CSS are the rules for charts in a page.
//
//go:embed chart.css
var CSS string

// standalone has the variables for a file that stands in no page.
const standalone = `svg { --quiet: #5d6470; --rule: #d8d4ca; --line0: #1d2430; --line1: #0f7f86; font-family: sans-serif }
@media (prefers-color-scheme: dark) { svg { --quiet: #a3a698; --rule: #333840; --line0: #e9e5da; --line1: #4cc5c6 } }
`

var svg = template.Must(template.New("chart").Parse(source))

// drawing is what the template shows: texts and places in the viewBox.
type drawing struct {
	*Chart
	CSS                      template.CSS
	Width, Height            int
	Left, Right, Top, Bottom float64
	XTicks, YTicks           []tick
	Break                    float64 // of the horizontal axis; 0 if it has none
	Paths                    []path
}

type tick struct {
	At   float64
	Text string
}

type path struct {
	Line
	D      string // the data of the path
	Places []Point
}

// Element returns the chart as an element of a page that has [CSS].
func (c *Chart) Element() template.HTML { return template.HTML(c.render("")) }

// File returns the chart as an SVG file.
func (c *Chart) File() []byte { return []byte(c.render(standalone + template.CSS(CSS))) }

func (c *Chart) render(css template.CSS) string {
	var b strings.Builder
	if err := svg.Execute(&b, c.draw(css)); err != nil {
		panic(fmt.Sprintf("chart: %v", err)) // it writes texts and numbers into memory
	}
	return b.String()
}

func (c *Chart) draw(css template.CSS) *drawing {
	var xs, ys []float64
	for _, l := range c.Lines {
		for _, p := range c.shown(l) {
			xs, ys = append(xs, p.X), append(ys, p.Y)
		}
	}
	y := c.Y.scale(ys).outward()
	y.from, y.to = bottom, top
	x := c.X.scale(xs)
	x.from, x.to = left(c.Y.marks(y)), right
	d := &drawing{Chart: c, CSS: css, Width: width, Height: height, Left: x.from, Right: right, Top: top, Bottom: bottom,
		XTicks: c.X.marks(x), YTicks: c.Y.marks(y)}
	if x.zero {
		d.Break = x.from + zeroGap/2*(x.to-x.from)
	}
	for _, l := range c.Lines {
		d.Paths = append(d.Paths, newPath(l, c.shown(l), x, y))
	}
	return d
}

// Shown is the number of a line's points that have a place on the axes.
func (c *Chart) Shown(l Line) int { return len(c.shown(l)) }

// shown are the points that have a place on the axes.
func (c *Chart) shown(l Line) []Point {
	var points []Point
	for _, p := range l.Points {
		if c.X.shows(p.X) && c.Y.shows(p.Y) {
			points = append(points, p)
		}
	}
	return points
}

func (a Axis) shows(v float64) bool {
	return !math.IsNaN(v) && !math.IsInf(v, 0) && (v > 0 || !a.Log || a.Zero && v == 0)
}

// left leaves room for the numbers of the vertical axis.
func left(ticks []tick) float64 {
	longest := 0
	for _, t := range ticks {
		longest = max(longest, len([]rune(t.Text)))
	}
	return float64(10 + letterWidth*longest)
}

func newPath(l Line, points []Point, x, y scale) path {
	p := path{Line: l}
	var d strings.Builder
	for i, point := range points {
		at := Point{x.at(point.X), y.at(point.Y)}
		command := "L"
		if i == 0 {
			command = "M"
		}
		fmt.Fprintf(&d, "%s%g %g", command, at.X, at.Y)
		if l.Dots {
			p.Places = append(p.Places, at)
		}
	}
	p.D = d.String()
	return p
}
