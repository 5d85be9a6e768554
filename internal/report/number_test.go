package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"zellige/internal/record"
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

func TestCurvesHaveALineForEachTerm(t *testing.T) {
	r := readReport(t, labFolder(t, labFile))
	var names []string
	log, err := readLog(r.find(t, "transfers/lion-waves").path(record.LogFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range curves("lion-waves", log).Lines {
		names = append(names, l.Name)
	}
	if want := []string{"total", "content", "style 1", "style 4", "TV"}; !slices.Equal(names, want) {
		t.Errorf("lines %q, want %q", names, want)
	}
}
