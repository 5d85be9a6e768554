package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"zellige"
	"zellige/losses"
)

var someLosses = losses.Values{
	Content: []losses.LayerValue{{Layer: 3, Value: 23886.4}},
	Style:   []losses.LayerValue{{Layer: 1, Value: 30000}, {Layer: 4, Value: 7985}},
	TV:      478.25,
}

func TestLosses(t *testing.T) {
	const (
		full  = "loss 62350 (content 23886, style 37985, tv 478.2)"
		short = "loss 62350 (c 23886, s 37985, tv 478.2)"
		total = "loss 62350"
	)
	for width, want := range map[int]string{0: "", 36: "", 40: total, 68: total, 69: short, 80: short, 94: short, 95: full, 300: full} {
		if got := lossesWithin(someLosses, width); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
	if got, want := lossesInFull(losses.Values{TV: 2.5e12}), "loss 2.5e+12 (tv 2.5e+12)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// printed returns the iterations that lines prints of a run whose steps take pace.
func printed(iterations int, pace time.Duration) []string {
	var out bytes.Buffer
	l := &lines{messages: messages{w: &out}}
	for i := range iterations {
		l.step(zellige.Step{Iteration: i, Iterations: iterations, Losses: someLosses, Elapsed: time.Duration(i+1) * pace})
	}
	var numbers []string
	for line := range strings.Lines(out.String()) {
		number, _, _ := strings.Cut(strings.TrimPrefix(line, "zellige: iteration "), ",")
		numbers = append(numbers, number)
	}
	return numbers
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		iterations int
		pace       time.Duration
		want       string
	}{
		{1, time.Millisecond, "1/1"},
		{3, time.Millisecond, "1/3 2/3 3/3"},
		{200, time.Millisecond, "1/200 2/200 20/200 40/200 60/200 80/200 100/200 120/200 140/200 160/200 180/200 200/200"},
		{20, 6 * time.Second, "1/20 2/20 4/20 6/20 8/20 10/20 12/20 14/20 16/20 18/20 20/20"},
		{40, 5 * time.Second, "1/40 2/40 4/40 6/40 8/40 10/40 12/40 14/40 16/40 18/40 20/40 22/40 24/40 26/40 28/40 30/40 32/40 34/40 36/40 38/40 40/40"},
	} {
		if got := strings.Join(printed(c.iterations, c.pace), " "); got != c.want {
			t.Errorf("%d steps of %v: %s\nwant %s", c.iterations, c.pace, got, c.want)
		}
	}
}

func TestTimeLeft(t *testing.T) {
	for _, c := range []struct {
		iterations int
		others     following
		want       string
	}{
		{1, following{}, ""},
		{2, following{}, ", 16.0 s left"},
		{5, following{}, ", 10.0 s left"},
		{10, following{}, ""},
		{1, following{pictures: 1}, ""},
		{5, following{pictures: 1}, ", 1m28s left"}, // 10 s, and as much as this one takes
		{5, following{2, time.Minute}, ", 2m10s left"},
		{10, following{2, time.Minute}, ", 2m0s left"},
	} {
		pace := clock{others: c.others}
		for i := range c.iterations {
			pace.Step(zellige.Step{Iteration: i, Iterations: 10, Elapsed: time.Minute + time.Duration(i)*2*time.Second})
		}
		if got := pace.left(); got != c.want {
			t.Errorf("after %d iterations before %v: %q, want %q", c.iterations, c.others, got, c.want)
		}
	}
}
