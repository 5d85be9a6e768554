//go:build cgo

package runtime

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zellige/models"
	"zellige/runtime/fused"
)

// The operators are compiled for vectors of each width: all that this processor has are
// tested.
func TestFusedOperatorsOfEachLevel(t *testing.T) {
	best := fused.Level
	t.Cleanup(func() { fused.Level = best })
	for _, level := range slices.Compact([]int{min(1, best), min(3, best), min(4, best)}) {
		fused.Level = level
		t.Run(fmt.Sprintf("level=%d", level), func(t *testing.T) {
			n := openGraph(t, models.FusedSqueezeNet, 2)
			for _, size := range goldenSizes {
				g := openGolden(t, fmt.Sprintf("%dx%d", size.height, size.width), size.height, size.width)
				g.check("all.gradient", g.evaluate(n, "all", everything()))
			}
		})
	}
}

// A graph may come from anywhere: what does not fit together is refused where it is
// computed, before anything is read or written.
func TestFusedOperatorsRefuseMisfits(t *testing.T) {
	open(t, 1) // keeps the library
	for _, words := range []string{
		"Difference image <1,3,9,13> <1> -> y a",
		"Difference image <1,3,9,14> <2> -> y a",
		"Difference image <1,3,9,14> <1> size=2 -> y a",
		"Difference image <1,3,9,14> <1> size=3 -> y a",
		"Difference image <1,3,9,14> <1> size=0 -> y a",
		"Difference image <378> <1> -> y a",
		"Difference image <1,1,3,9,14> <1> -> y a",
		"ImageGradient <1,4,4,7> <4,3,3,3> image -> y",
		"ImageGradient <1,3,4,6> <3,3,3,3> image -> y",
		"ImageGradient <1,4,4,6> <4,3,3,2> image -> y",
		"ImageGradient <1,4,4,6> <108> image -> y",
		"MaxPoolGradient image <1,3,5,7> <3,28> -> y",
		"MaxPoolGradient image <1,3,4,7> <3,27> -> y",
		"MaxPoolGradient image <1,2,4,7> <3,28> -> y",
		"MaxPoolGradient image <84> <84> -> y",
		"ReluGradient image <3,125> -> y",
		"ReluGradient image image <1> -> y",
		"ReluGradient image" + strings.Repeat(" image", 65) + " -> y",
	} {
		err := runWords(t, words)
		if op, _, _ := strings.Cut(words, " "); err == nil || !strings.Contains(err.Error(), op+" reads") && !strings.Contains(err.Error(), "more than four dimensions") {
			t.Errorf("%s: error %v, want one of what it reads", words, err)
		}
	}
}

// runWords runs a graph that gives an image.
func runWords(t *testing.T, words ...string) error {
	t.Helper()
	graph, err := ParseGraph(sizedModel(words...))
	if err != nil {
		t.Fatal(err)
	}
	var s session
	y := slot{name: "y", shape: []int64{1, 3, 9, 14}, data: make([]float32, 3*9*14)}
	if err = s.open(graph, 1, []slot{imageSlot(noise(1, 9, 14))}, []slot{y}); err == nil {
		err = s.run(context.Background(), nil)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	return err
}
