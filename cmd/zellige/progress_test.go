package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"zellige"
	"zellige/forecast"
	"zellige/losses"
	"zellige/models"
	"zellige/runtime"
)

var someLosses = losses.Values{
	Content: []losses.LayerValue{{Layer: 3, Value: 23886.4}},
	Style:   []losses.LayerValue{{Layer: 1, Value: 30000}, {Layer: 4, Value: 7985}},
	TV:      478.25,
}

func TestLosses(t *testing.T) {
	if got, want := lossesInFull(someLosses), "loss 62350 (content 23886, style 37985, tv 478.2)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := lossesInFull(losses.Values{TV: 2.5e12}), "loss 2.5e+12 (tv 2.5e+12)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// texturePlan is a plan of so many iterations at scales up to a size.
func texturePlan(t *testing.T, iterations, scales, size int) *zellige.Plan {
	t.Helper()
	g, err := runtime.ParseGraph(models.SqueezeNet)
	if err != nil {
		t.Fatal(err)
	}
	info, err := g.Info()
	if err != nil {
		t.Fatal(err)
	}
	o, err := zellige.Preset("gram")
	if err != nil {
		t.Fatal(err)
	}
	o.Iterations, o.Scales, o.Size.Width = iterations, scales, size
	p, err := zellige.PlanTexture(info, []zellige.Style{{Image: waves(300, 200), Weight: 1}}, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// steps are those of a plan, each of which takes pace.
func steps(p *zellige.Plan, pace time.Duration) (list []zellige.Step) {
	for i, stage := range p.Stages {
		for t := stage.From; t < stage.End; t++ {
			list = append(list, zellige.Step{Iteration: t, Iterations: p.Options.Iterations, Losses: someLosses, Elapsed: time.Duration(t+1) * pace, Plan: p, Stage: i})
		}
	}
	return list
}

// printed returns the iterations that lines prints of a plan whose steps take pace.
func printed(p *zellige.Plan, pace time.Duration) string {
	var out bytes.Buffer
	l := progress{messages: newMessages(&out, false)}
	for _, s := range steps(p, pace) {
		l.step(s)
	}
	var numbers []string
	for line := range strings.Lines(out.String()) {
		number, _, _ := strings.Cut(strings.TrimPrefix(line, "zellige: iteration "), ",")
		numbers = append(numbers, number)
	}
	return strings.Join(numbers, " ")
}

// TestLines: the tenths are of the work, most of which is at the finest scale, and each
// scale has its first line. What comes before the first step is work, too.
func TestLines(t *testing.T) {
	for _, c := range []struct {
		iterations, scales int
		pace               time.Duration
		want               string
	}{
		{1, 1, time.Millisecond, "1/1"},
		{3, 1, time.Millisecond, "1/3 2/3 3/3"},
		{100, 1, time.Millisecond, "1/100 2/100 8/100 18/100 29/100 39/100 49/100 59/100 70/100 80/100 90/100 100/100"},
		{20, 1, 6 * time.Second, "1/20 2/20 4/20 5/20 7/20 9/20 11/20 13/20 14/20 16/20 18/20 20/20"},
		{90, 3, time.Millisecond, "1/90 2/90 15/90 31/90 42/90 54/90 61/90 67/90 73/90 79/90 85/90 90/90"},
	} {
		if got := printed(texturePlan(t, c.iterations, c.scales, 256), c.pace); got != c.want {
			t.Errorf("%d steps of %v: %s\nwant %s", c.iterations, c.pace, got, c.want)
		}
	}
}

func TestScales(t *testing.T) {
	all := steps(texturePlan(t, 9, 3, 256), time.Second)
	if got, want := scaleInFull(all[4]), "scale 2 of 3 (181x181)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := scaleInShort(all[8]), "scale 3/3"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := scaleInFull(steps(texturePlan(t, 1, 1, 64), time.Second)[0]); got != "" {
		t.Errorf("%q of one scale", got)
	}
}

func TestTimeLeft(t *testing.T) {
	all := steps(texturePlan(t, 10, 1, 64), 2*time.Second)
	for _, c := range []struct {
		iterations int
		others     int
		each       time.Duration
		want       string
	}{
		{1, 0, 0, ""},
		{2, 0, 0, "16.0 s left"},
		{5, 0, 0, "10.0 s left"},
		{10, 0, 0, ""},
		{1, 1, 0, ""},
		{5, 1, 0, "1m28s left"}, // 10 s, and as much as this one takes
		{5, 2, time.Minute, "2m10s left"},
		{10, 2, time.Minute, "2m0s left"},
	} {
		load := forecast.Workload{Others: c.others, Each: c.each}
		for _, s := range all[:c.iterations] {
			s.Elapsed += 58 * time.Second // of the first
			load.Note(s)
		}
		if got := timeLeft(&load); got != c.want {
			t.Errorf("after %d iterations before %d others: %q, want %q", c.iterations, c.others, got, c.want)
		}
	}
}
