package report

import (
	"fmt"
	"strings"
	"testing"
)

func TestLogIsThinnedEvenlyAndKeepsItsEnds(t *testing.T) {
	for _, n := range []int{1, 2, maxSteps - 1, maxSteps, maxSteps + 1, 5 * maxSteps} {
		var log strings.Builder
		for i := range n {
			fmt.Fprintf(&log, `{"iteration":%d,"total":%d,"content":2,"style":{"1":3},"tv":4,"seconds":0.5}`+"\n", i, i)
		}
		steps, err := parseLog(strings.NewReader(log.String()))
		if err != nil {
			t.Fatal(err)
		}
		if len(steps) > maxSteps || steps[0].Iteration != 0 || steps[len(steps)-1].Iteration != n-1 {
			t.Errorf("%d lines: %d steps from %d to %d", n, len(steps), steps[0].Iteration, steps[len(steps)-1].Iteration)
		}
		for i := 2; i < len(steps)-1; i++ {
			if steps[i].Iteration-steps[i-1].Iteration != steps[1].Iteration {
				t.Fatalf("%d lines: uneven at %d", n, i)
			}
		}
	}
}

func TestDamagedLogNamesTheLine(t *testing.T) {
	_, err := parseLog(strings.NewReader(`{"iteration":0}` + "\n{nonsense\n"))
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v", err)
	}
}

func FuzzParseLog(f *testing.F) {
	f.Add(`{"iteration":0,"total":1,"content":null,"style":{"1":3},"tv":4,"seconds":0.5}`)
	f.Add("{\"iteration\":1}\n\n{\"style\":{\"x\":1}}")
	f.Fuzz(func(t *testing.T, log string) {
		steps, err := parseLog(strings.NewReader(log))
		if err != nil || len(steps) < 2 {
			return
		}
		if c := curves("fuzz", steps); c != nil && !strings.Contains(string(c.Element()), "<svg") {
			t.Error("no chart")
		}
	})
}
