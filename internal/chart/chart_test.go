package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
)

func TestTicksAreRound(t *testing.T) {
	tests := []struct {
		low, high float64
		log       bool
		want      string
	}{
		{0, 199, false, "0 50 100 150"},
		{0.03, 0.97, false, "0.2 0.4 0.6 0.8"},
		{0, 11, false, "0 5 10"},
		{-3, 3, false, "-2 0 2"},
		{900, 2.5e6, true, "1k 10k 100k 1M"},
		{14000, 160000, true, "20k 50k 100k"},
		{14000, 16000, true, "14k 14.5k 15k 15.5k 16k"},
		{5, 5, false, "4 4.5 5 5.5 6"},
		{5, 5, true, "5 10"},
	}
	for _, test := range tests {
		a := Axis{Log: test.log}
		var labels []string
		for _, tick := range a.marks(a.scale([]float64{test.low, test.high})) {
			labels = append(labels, tick.Text)
		}
		if got := strings.Join(labels, " "); got != test.want {
			t.Errorf("ticks from %g to %g: %s, want %s", test.low, test.high, got, test.want)
		}
	}
}

func TestValuesHaveTheirPlaces(t *testing.T) {
	tests := []struct {
		axis   Axis
		values []float64
		at     map[float64]float64 // place, of 0 to 100, by value
	}{
		{Axis{}, []float64{10, 20}, map[float64]float64{10: 0, 15: 50, 20: 100}},
		{Axis{FromZero: true}, []float64{10, 20}, map[float64]float64{0: 0, 10: 50, 20: 100}},
		{Axis{Log: true}, []float64{1, 100}, map[float64]float64{1: 0, 10: 50, 100: 100}},
		{Axis{Log: true, Zero: true}, []float64{0, 1, 100}, map[float64]float64{0: 0, 1: 20, 10: 60, 100: 100}},
	}
	for _, test := range tests {
		s := test.axis.scale(test.values)
		s.to = 100
		for value, want := range test.at {
			if got := s.at(value); got != want {
				t.Errorf("%+v: %g is at %g, want %g", test.axis, value, got, want)
			}
		}
	}
}

func TestTheFileIsWellFormed(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	c := Chart{About: `a "b" < c & d`, X: Axis{Label: "x"}, Y: Axis{Label: "<y>", Log: true}, Lines: []Line{
		{Name: "a", Color: 4, Points: []Point{{0, 1}, {1, 10}, {2, -3}, {3, nan}, {4, inf}, {5, 100}}},
		{Name: "b", Dots: true, Points: []Point{{0, 5}, {5, 50}}},
		{Name: "nothing"},
	}}
	if got := c.Shown(c.Lines[0]); got != 3 {
		t.Errorf("%d points are shown, want those with finite positive values", got)
	}
	file := string(c.File())
	elements := names(t, file)
	if elements["svg"] != 1 || elements["style"] != 1 || elements["circle"] != 2 {
		t.Errorf("elements %v", elements)
	}
	for _, not := range []string{"NaN", "Inf", "ZgotmplZ"} {
		if strings.Contains(file, not) {
			t.Errorf("%s in\n%s", not, file)
		}
	}
}

// names counts the elements of an XML file.
func names(t *testing.T, file string) map[string]int {
	t.Helper()
	count := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(file))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, file)
		}
		if start, ok := token.(xml.StartElement); ok {
			count[start.Name.Local]++
		}
	}
}

func TestAnElementLeavesColoursToThePage(t *testing.T) {
	c := Chart{Lines: []Line{{Color: 4, Points: []Point{{0, 1}, {1, 2}}}}}
	element := string(c.Element())
	if !strings.Contains(element, "var(--line4)") {
		t.Errorf("no colour of the page in %s", element)
	}
	for _, not := range []string{"<style", "#", "font-family"} {
		if strings.Contains(element+CSS, not) {
			t.Errorf("%s in %s", not, element)
		}
	}
}

func TestAnEmptyChartHasAxes(t *testing.T) {
	if got := names(t, string((&Chart{}).File())); got["text"] < 4 {
		t.Errorf("elements %v", got)
	}
}
