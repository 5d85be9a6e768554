//go:build cgo

package runtime

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zellige/internal/shorttest"
)

// matchCases are objectives with matching losses: of every layer alone, of the layers
// of hypercolumns, and of all layers beside losses of other kinds.
func matchCases() map[string]terms {
	cases := map[string]terms{
		"paint": {match: map[int]float32{1: 1, 4: 1, 7: 1, 10: 1, 12: 1}},
		"mixed": {content: map[int]float32{1: 1e-2, 4: 1e-2, 9: 1e-2}, style: map[int]float32{0: 1000, 1: 1000, 4: 1000, 8: 1000}, match: map[int]float32{}},
	}
	for l := range 13 {
		cases[fmt.Sprintf("match.%d", l)] = terms{match: map[int]float32{l: 1}}
		cases["mixed"].match[l] = 1e-2
	}
	return cases
}

// means are the features, [C][h][w], averaged over squares of size a side.
func means(features []float32, channels, h, w, size int) (averaged []float32) {
	for c := range channels {
		plane := features[c*h*w:]
		for y := range h / size {
			for x := range w / size {
				sum := float32(0)
				for i := range size * size {
					sum += plane[(y*size+i/size)*w+x*size+i%size]
				}
				averaged = append(averaged, sum/float32(size*size))
			}
		}
	}
	return averaged
}

func TestMatchFeaturesAreMeans(t *testing.T) {
	n := open(t, 2)
	layers := make([]int, len(n.info.Layers))
	for l := range layers {
		layers[l] = l
	}
	for _, size := range []struct{ height, width int }{{17, 18}, {33, 35}, {64, 51}} {
		image := noise(1, size.height, size.width)
		e, err := n.Extract(context.Background(), image, layers, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := n.MatchFeatures(context.Background(), image, layers)
		if err != nil {
			t.Fatal(err)
		}
		for l, layer := range n.info.Layers {
			h, w := n.info.FeatureSize(l, size.height, size.width)
			if mh, mw := n.info.MatchSize(l, size.height, size.width); mh != h/layer.MatchAverage || mw != w/layer.MatchAverage {
				t.Errorf("layer %d: %dx%d matches of %dx%d features", l, mw, mh, w, h)
			}
			compare(t, matchFeature(l), got[l], means(e.Features[l], layer.Channels, h, w, layer.MatchAverage), 1e-6)
		}
	}
}

func TestMatchFeaturesInPieces(t *testing.T) {
	n := open(t, 1) // more would mostly wait for each other, so small are the pieces
	for _, size := range []struct{ height, width int }{{150, 211}, {17, 700}, {301, 222}} {
		image := noise(1, size.height, size.width)
		for _, layers := range [][]int{{0}, {1}, {2}, {1, 4, 7}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}} {
			want, err := n.MatchFeatures(context.Background(), image, layers)
			if err != nil {
				t.Fatal(err)
			}
			maps := n.info.matchMaps(layers)
			got := n.info.room(maps, whole(size.height, size.width))
			if err := n.mapsInPieces(context.Background(), image, maps, got, n.info.mapPieces(image, maps, 60*60)); err != nil {
				t.Fatal(err)
			}
			for i, l := range layers {
				compare(t, fmt.Sprintf("%dx%d, layers %v: %s", size.width, size.height, layers, matchFeature(l)), got[i], want[i], 1e-6)
			}
		}
	}
}

func TestMatchesInPiecesAgree(t *testing.T) {
	shorttest.Skip(t)
	n := open(t, 1) // more would mostly wait for each other, so small are the pieces
	for _, size := range []struct{ height, width int }{{150, 211}, {203, 49}} {
		image, target := noise(1, size.height, size.width), noise(2, size.height, size.width)
		for name, w := range matchCases() {
			t.Run(fmt.Sprintf("size=%dx%d/case=%s", size.height, size.width, name), func(t *testing.T) {
				o := w.objective(t, n, size.height, size.width, target)
				wantLosses, want := prepareObjective(t, n, o, image).evaluate(t)
				for _, o.Lean = range []bool{false, true} {
					o.Piece = max(least(n.info, o), 60*60)
					losses, got := prepareObjective(t, n, o, image).evaluate(t)
					compare(t, "losses", losses, wantLosses, 1e-5)
					compareNorm(t, got, want, 1e-5)
				}
			})
		}
	}
}

// Owned squares cover the picture once, in the crops that pieces have.
func TestSquaresOfPieces(t *testing.T) {
	info := squeezeNet(t)
	for height := 40; height < 60; height++ {
		for _, deepest := range []int{0, 1, 2} {
			o := Objective{Height: height, Width: 67, Piece: 1, Match: []MatchTerm{{Layer: min(deepest, 1)}}, Content: []ContentTerm{{Layer: deepest}}}
			s := info.share(info.segments(deepest, true)[0], &o)
			o.Piece = s.least()
			s.addSweeps(o.Piece, true)
			covered := newGrid(info.averagesOf(o.Match[0].Layer, 2, s.picture), 1)
			for _, p := range s.backward.pieces() {
				if p.crop.rows.from%4 != 0 || p.crop.columns.from%4 != 0 || p.owned.rows.from%4 != 0 || p.owned.columns.from%4 != 0 {
					t.Errorf("down to layer %d: %v owned of crop %v begin within a square", deepest, p.owned, p.crop)
				}
				count(covered, info.ownedAverages(o.Match[0].Layer, 2, p.owned, s.picture))
			}
			if slices.ContainsFunc(covered.values, func(v float32) bool { return v != 1 }) {
				t.Errorf("down to layer %d, height %d: squares are not owned once: %v", deepest, height, covered.values)
			}
		}
	}
}

func TestMatchGradientByFiniteDifferences(t *testing.T) {
	shorttest.Skip(t)
	n := open(t, 2)
	for _, size := range []struct{ height, width int }{{17, 17}, {18, 19}, {24, 41}} {
		for name, w := range matchCases() {
			t.Run(fmt.Sprintf("size=%dx%d/case=%s", size.height, size.width, name), func(t *testing.T) {
				s := prepare(t, n, w, noise(1, size.height, size.width), noise(2, size.height, size.width))
				_, gradient := s.evaluate(t)
				for seed := range uint64(3) {
					s.checkDirection(t, gradient, steep(seed, gradient))
				}
			})
		}
	}
}

// Targets are replaced while an evaluator lives: it reads them anew when it is told, whole or in pieces.
func TestTargetsAreReadAnew(t *testing.T) {
	n := open(t, 2)
	image, first, second := noise(1, 150, 170), noise(2, 150, 170), noise(3, 150, 170)
	w := terms{content: map[int]float32{1: 1, 3: 1, 4: 1, 6: 1, 7: 1, 9: 1, 10: 1, 12: 1}, match: map[int]float32{1: 1, 4: 1, 12: 1}}
	for _, piece := range []string{"whole", "pieces", "lean"} {
		prepared := func(target Image) (prepared, Objective) {
			o := w.objective(t, n, 150, 170, target)
			o.Lean = piece == "lean"
			if piece != "whole" {
				o.Piece = max(least(n.info, o), 100*100)
			}
			return prepareObjective(t, n, o, image), o
		}
		s, o := prepared(first)
		s.evaluate(t)
		other, replacement := prepared(second)
		for i := range o.Content {
			copy(o.Content[i].Target, replacement.Content[i].Target)
		}
		for i := range o.Match {
			copy(o.Match[i].Target, replacement.Match[i].Target)
		}
		s.evaluator.Retarget()
		losses, gradient := s.evaluate(t)
		if wantLosses, want := other.evaluate(t); !slices.Equal(losses, wantLosses) || !slices.Equal(gradient, want) {
			t.Errorf("%s: another result than an evaluator that was prepared with these targets", piece)
		}
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	n := open(t, 1)
	o := matchCases()["mixed"].objective(t, n, 200, 200, noise(2, 200, 200))
	for _, o.Piece = range []int{0, 199 * 199} {
		s := prepareObjective(t, n, o, noise(1, 200, 200))
		s.evaluate(t)
		evaluate := func() {
			if _, err := s.Evaluate(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if n := testing.AllocsPerRun(3, evaluate); n != 0 {
			t.Errorf("piece %d: %g allocations per evaluation", o.Piece, n)
		}
	}
}

func TestMatchDoesNotDependOnThreads(t *testing.T) {
	image, target := noise(1, 65, 97), noise(2, 65, 97)
	wantLosses, want := prepare(t, open(t, 1), matchCases()["mixed"], image, target).evaluate(t)
	for _, threads := range []int{2, 3, 16} {
		losses, got := prepare(t, open(t, threads), matchCases()["mixed"], image, target).evaluate(t)
		if !slices.Equal(losses, wantLosses) || !slices.Equal(got, want) {
			t.Errorf("threads=%d: another result than with one thread", threads)
		}
	}
}

// The graph cut to a shallow matching loss holds nothing of deeper layers, and nothing of
// other losses.
func TestMatchStepsAreSmall(t *testing.T) {
	n := open(t, 1)
	image := noise(1, 32, 32)
	nodes := make([]int, 13)
	for l := range nodes {
		p := prepare(t, n, terms{match: map[int]float32{l: 1}}, image, image)
		nodes[l] = p.nodes()
		cut := p.evaluation.(*session).cut
		for _, name := range namesOf(cut.initializers) {
			var layer int
			if _, err := fmt.Sscanf(name, "%d.", &layer); err == nil && layer > l {
				t.Errorf("a loss at layer %d keeps the weights %s", l, name)
			}
		}
		want := []string{"image", matchWeight(l), matchTarget(l)}
		if got := namesOf(cut.inputs); !slices.Equal(got, want) {
			t.Errorf("layer %d: inputs %v, want %v", l, got, want)
		}
	}
	if !slices.IsSorted(nodes[2:]) || 4*nodes[1] > nodes[12] {
		t.Errorf("operators by layer: %v", nodes)
	}
}

func TestMatchErrors(t *testing.T) {
	n := open(t, 1)
	image := noise(1, 20, 24)
	whole := terms{match: map[int]float32{1: 1, 4: 1}}.objective(t, n, 20, 24, image)
	old := *n.info
	old.Exporter, old.Layers = "6", slices.Clone(old.Layers)
	for l := range old.Layers {
		old.Layers[l].MatchAverage = 0
	}
	tests := []struct {
		name  string
		info  *Info
		spoil func(*Objective)
		want  string
	}{
		{"layer", n.info, func(o *Objective) { o.Match[0].Layer = 13 }, "matching loss: layer 13 does not exist"},
		{"target", n.info, func(o *Objective) { o.Match[0].Target = o.Match[0].Target[1:] }, "matching loss: target of layer 1 has 1279 values, want 1280"},
		{"twice", n.info, func(o *Objective) { o.Match = append(o.Match, o.Match[0]) }, "matching loss: layer 1 is given twice"},
		{"too small", n.info, func(o *Objective) { o.Height = 4 }, "matching loss: the matches of layer 1 need pictures of at least 5 pixels a side, this one is 24x4"},
		{"old model", &old, func(*Objective) {}, "matching loss: this model has no matching loss; it was made by exporter version 6, version 7 or newer is needed (scripts/export_squeezenet.py)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := whole
			o.Match = slices.Clone(whole.Match)
			test.spoil(&o)
			if err := o.check(test.info); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	if _, err := n.MatchFeatures(context.Background(), noise(1, 4, 4), []int{0}); err == nil {
		t.Error("matches of a picture that is too small are no error")
	}
	if err := n.info.CheckMatch(); err != nil {
		t.Error(err)
	}
	if err := n.info.CheckMatchGrid([]int{1, 4, 7, 10, 12}); err != nil {
		t.Error(err)
	}
	thirds := &Info{Layers: []Layer{{Stride: 4, MatchAverage: 1}, {Stride: 12, MatchAverage: 1}}}
	if err := thirds.CheckMatchGrid([]int{0, 1}); err == nil || !strings.Contains(err.Error(), "layer 1 is matched every 12 pixels") {
		t.Errorf("layers without a common grid: %v", err)
	}
}
