package report

import (
	"math"
	"strings"
	"testing"
)

func TestNumbersAreReadable(t *testing.T) {
	tests := []struct {
		x    float64
		want string
	}{
		{0, "0"}, {0.05, "0.05"}, {0.0431499, "0.0431"}, {1.2345, "1.23"}, {99.994, "99.99"}, {142.6, "143"}, {8261.2, "8261"},
		{31257, "31_257"}, {783594.4, "783_594"}, {1234567, "1_234_567"}, {-31257, "-31_257"}, {1e12, "1.00e+12"}, {3e-7, "3.00e-07"},
		{math.NaN(), "–"}, {math.Inf(1), "–"},
	}
	for _, test := range tests {
		if got := strings.ReplaceAll(formatNumber(test.x), thinSpace, "_"); got != test.want {
			t.Errorf("formatNumber(%g) = %q, want %q", test.x, got, test.want)
		}
	}
	for x, want := range map[float64]string{0.0123: "1.2_%", 0.5: "50_%", 1.204: "120_%", 0: "0.0_%"} {
		if got := strings.ReplaceAll(formatPercent(x), thinSpace, "_"); got != want {
			t.Errorf("formatPercent(%g) = %q, want %q", x, got, want)
		}
	}
}

func TestChartsLeaveColoursToThePage(t *testing.T) {
	r := readReport(t, labFolder(t, labFile))
	c, err := curves(r.find(t, "transfers/lion-waves"))
	if err != nil {
		t.Fatal(err)
	}
	svg := string(c.SVG)
	for _, want := range []string{"var(--line0)", "var(--line4)", "var(--quiet)", "var(--rule)", `role="img"`, "iteration"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in the chart", want)
		}
	}
	for _, not := range []string{"#0102", "font-family", "<?xml", "xmlns"} {
		if strings.Contains(svg, not) {
			t.Errorf("%s in the chart", not)
		}
	}
	if len(c.Legend) != 5 {
		t.Errorf("legend %v, want total, content, two style layers and TV", c.Legend)
	}
}

func TestTicksAreRound(t *testing.T) {
	tests := []struct {
		low, high float64
		log       bool
		want      string
	}{
		{0, 199, false, "0 50 100 150"},
		{0.03, 0.97, false, "0.2 0.4 0.6 0.8"},
		{0, 11, false, "0 5 10"},
		{900, 2.5e6, true, "1k 10k 100k 1M"},
		{14000, 160000, true, "20k 50k 100k"},
	}
	for _, test := range tests {
		var labels []string
		for _, tick := range (valueTicks{test.log}).Ticks(test.low, test.high) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != test.want {
			t.Errorf("ticks from %g to %g: %s, want %s", test.low, test.high, got, test.want)
		}
	}
}
