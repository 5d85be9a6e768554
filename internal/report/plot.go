package report

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"image/color"
	"math"
	"regexp"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Chart is a plot with its legend; a single line has none.
type Chart struct {
	SVG    template.HTML
	Legend []LegendItem
}

// LegendItem names a line of a chart. Color is the number of a colour of the page.
type LegendItem struct {
	Name  string
	Color int
}

// series is a line of a chart.
type series struct {
	name  string
	color int
	marks bool // show the points
	xy    plotter.XYs
}

// axes are those of a chart.
type axes struct {
	about      string // what the chart shows, for those who cannot see it
	x, y       string
	logY       bool
	categories []string // names of x = 0, 1, ...; nil for numbers
}

// A chart is drawn for the width of a phone and scaled up elsewhere.
const (
	chartWidth  = 360 * vg.Length(1)
	chartHeight = 216 * vg.Length(1)
)

// The numbers of the page's colours that are not of a line.
const (
	colorInk  = 100
	colorGrid = 101
)

// pageColor is a colour that themed replaces by the page's own, which is another at
// night.
func pageColor(n int) color.Color { return color.RGBA{1, 2, uint8(n), 255} }

func newChart(a axes, lines []series) (*Chart, error) {
	p := plot.New()
	p.BackgroundColor = nil
	style(&p.X, a.x)
	style(&p.Y, a.y)
	p.X.Tick.Marker, p.Y.Tick.Marker = valueTicks{}, valueTicks{a.logY}
	if a.logY {
		p.Y.Scale = plot.LogScale{}
	}
	if a.categories != nil {
		p.NominalX(a.categories...)
		style(&p.X, a.x)
	}
	grid := plotter.NewGrid()
	grid.Vertical.Width = 0
	grid.Horizontal.Color = pageColor(colorGrid)
	p.Add(grid)
	c := &Chart{}
	for _, s := range lines {
		if err := addLine(p, s); err != nil {
			return nil, fmt.Errorf("chart of %s: %w", a.about, err)
		}
		c.Legend = append(c.Legend, LegendItem{s.name, s.color})
	}
	if len(lines) == 1 {
		c.Legend = nil // the axis says it
	}
	c.SVG = render(p, a.about)
	return c, nil
}

func style(a *plot.Axis, label string) {
	ink := pageColor(colorInk)
	small := font.Font{Typeface: "Liberation", Variant: "Sans", Size: 10}
	a.Label.Text = label
	a.Label.TextStyle.Font, a.Label.TextStyle.Color = small, ink
	a.Tick.Label.Font, a.Tick.Label.Color = small, ink
	a.Color, a.Tick.Color = ink, ink
	a.LineStyle.Width, a.Tick.LineStyle.Width = 0.5, 0.5
}

func addLine(p *plot.Plot, s series) error {
	line, err := plotter.NewLine(s.xy)
	if err != nil {
		return err
	}
	line.Color, line.Width = pageColor(s.color), 1.5
	p.Add(line)
	if !s.marks {
		return nil
	}
	points, err := plotter.NewScatter(s.xy)
	if err != nil {
		return err
	}
	points.GlyphStyle = draw.GlyphStyle{Color: pageColor(s.color), Radius: 3, Shape: draw.CircleGlyph{}}
	p.Add(points)
	return nil
}

// valueTicks marks round numbers: steps of 1, 2 or 5 times a power of ten. On a
// logarithmic axis it marks the powers, and 2 and 5 times them if there are few.
type valueTicks struct{ log bool }

// Ticks implements plot.Ticker.
func (t valueTicks) Ticks(low, high float64) []plot.Tick {
	if t.log && low > 0 {
		return logTicks(low, high)
	}
	step := roundStep((high - low) / 5)
	var ticks []plot.Tick
	for i := math.Ceil(low / step); i*step <= high; i++ {
		ticks = append(ticks, tick(i*step))
	}
	return ticks
}

// roundStep is the smallest round number that is not below x.
func roundStep(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, s := range []float64{1, 2, 5} {
		if s*power >= x {
			return s * power
		}
	}
	return 10 * power
}

func logTicks(low, high float64) []plot.Tick {
	steps := []float64{1}
	if high/low < 300 {
		steps = []float64{1, 2, 5}
	}
	var ticks []plot.Tick
	for e := math.Floor(math.Log10(low)); e <= math.Ceil(math.Log10(high)); e++ {
		for _, s := range steps {
			if v := s * math.Pow(10, e); v >= low && v <= high {
				ticks = append(ticks, tick(v))
			}
		}
	}
	return ticks
}

func tick(v float64) plot.Tick { return plot.Tick{Value: v, Label: shortNumber(v)} }

// shortNumber is 10k for 10000.
func shortNumber(v float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(v) >= unit.size {
			return strconv.FormatFloat(v/unit.size, 'g', 3, 64) + unit.name
		}
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// render draws a chart as an element of the page.
func render(p *plot.Plot, about string) template.HTML {
	canvas := vgsvg.New(chartWidth, chartHeight)
	const margin = 14 // for half of the last number
	p.Draw(draw.Crop(draw.New(canvas), 0, -margin, 0, -margin/2))
	var b bytes.Buffer
	_, _ = canvas.WriteTo(&b) // a buffer takes everything
	_, body, _ := strings.Cut(b.String(), "<svg")
	_, body, _ = strings.Cut(body, ">")
	head := fmt.Sprintf(`<svg class="chart" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`,
		chartWidth.Points(), chartHeight.Points(), html.EscapeString(about))
	return template.HTML(head + themed(body))
}

var (
	inkHex  = strings.ToUpper(fmt.Sprintf("#0102%02x", colorInk))
	gridHex = strings.ToUpper(fmt.Sprintf("#0102%02x", colorGrid))
	lineHex = regexp.MustCompile(`#0102([0-9A-F]{2})`)
	fonts   = regexp.MustCompile(`font-family:[^;"]*;font-variant:[^;"]*;font-weight:[^;"]*;font-style:[^;"]*;`)
)

// themed leaves colours and fonts to the page's style sheet.
func themed(svg string) string {
	svg = strings.NewReplacer(inkHex, "var(--quiet)", gridHex, "var(--rule)").Replace(svg)
	svg = lineHex.ReplaceAllStringFunc(svg, func(hex string) string {
		n, _ := strconv.ParseUint(hex[5:], 16, 8) // the expression lets nothing else through
		return fmt.Sprintf("var(--line%d)", n)
	})
	return fonts.ReplaceAllString(svg, "")
}
