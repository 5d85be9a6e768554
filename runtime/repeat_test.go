package runtime

import (
	"slices"
	"testing"
)

func TestRepeat(t *testing.T) {
	g := parsed(t, testModel{
		nodes: []string{
			"Relu x -> f",
			"Mul f m -> fm",
			"Square fm _ -> loss _",
			"Mul fm m -> d",
			"Sum f d -> total",
			"Neg total -> out",
		},
		inputs:  []string{"x", "m"},
		outputs: []string{"loss", "out"},
	})
	got := words(reparsed(t, g.Repeat(".1", "m").Repeat(".2", "m")))
	want := []string{
		"Relu x -> f",
		"Mul f m -> fm",
		"Mul f m.2 -> fm.2",
		"Mul f m.1 -> fm.1",
		"Square fm _ -> loss _",
		"Square fm.2 _ -> loss.2 _",
		"Square fm.1 _ -> loss.1 _",
		"Mul fm m -> d",
		"Mul fm.2 m.2 -> d.2",
		"Mul fm.1 m.1 -> d.1",
		"Sum f d d.1 d.2 -> total",
		"Neg total -> out",
	}
	if !slices.Equal(got.nodes, want) {
		t.Errorf("nodes\n%q, want\n%q", got.nodes, want)
	}
	if want := []string{"x", "m", "m.1", "m.2"}; !slices.Equal(got.inputs, want) {
		t.Errorf("inputs %q, want %q", got.inputs, want)
	}
}
