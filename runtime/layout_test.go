//go:build cgo

package runtime

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zellige/internal/shorttest"
)

// layoutCases change each thing that changes the work. Objectives come without
// targets, as those of a forecast do.
func layoutCases() map[string]Objective {
	style := []StyleTerm{{Layer: 1}, {Layer: 4}, {Layer: 7}}
	content := func(layers ...int) (terms []ContentTerm) {
		for _, l := range layers {
			terms = append(terms, ContentTerm{Layer: l})
		}
		return terms
	}
	pictured := func(layer int) []ContentTerm {
		return []ContentTerm{{Layer: layer, Content: func(Image, int, int) {}}}
	}
	match := func(layers ...int) (terms []MatchTerm) {
		for _, l := range layers {
			terms = append(terms, MatchTerm{Layer: l})
		}
		return terms
	}
	return map[string]Objective{
		"reference":       {Content: content(3), Style: style},
		"deep content":    {Content: content(12), Style: style},
		"shallow content": {Content: content(0), Style: style},
		"several":         {Content: content(1, 3, 4, 6, 7, 9, 10, 12)},
		"no style":        {Content: content(6)},
		"no content":      {Style: style},
		"first segment":   {Content: content(1), Style: []StyleTerm{{Layer: 2}}},
		"pools":           {Content: content(5), Style: []StyleTerm{{Layer: 2}, {Layer: 8}}},
		"picture":         {Content: pictured(3), Style: style},
		"shallow picture": {Content: pictured(1), Style: []StyleTerm{{Layer: 2}}},
		"match":           {Match: match(1, 4, 7, 10, 12)},
		"shallow match":   {Match: match(0)},
		"match and pools": {Match: match(0, 1, 2, 5, 6), Style: style},
		"all kinds":       {Content: content(9), Style: style, Match: match(1, 8)},
		"masks":           {Content: content(3), Style: []StyleTerm{{Layer: 4, Mask: []float32{}}, {Layer: 4, Mask: []float32{}}, {Layer: 7}}},
	}
}

// filled is the objective with targets and masks of zeros.
func filled(info *Info, o Objective) Objective {
	o.Content, o.Style, o.Match = slices.Clone(o.Content), slices.Clone(o.Style), slices.Clone(o.Match)
	for i := range o.Match {
		t := &o.Match[i]
		h, w := info.MatchSize(t.Layer, o.Height, o.Width)
		t.Target = make([]float32, info.Layers[t.Layer].Channels*h*w)
	}
	for i := range o.Content {
		t := &o.Content[i]
		h, w := info.FeatureSize(t.Layer, o.Height, o.Width)
		if t.Content == nil {
			t.Target = make([]float32, info.Layers[t.Layer].Channels*h*w)
		}
	}
	for i := range o.Style {
		t := &o.Style[i]
		h, w := info.FeatureSize(t.Layer, o.Height, o.Width)
		t.Target = make([]float32, info.Layers[t.Layer].Channels*info.Layers[t.Layer].Channels)
		if t.Mask != nil {
			t.Mask = make([]float32, h*w)
		}
	}
	return o
}

// What an evaluation executes is what the forecasts of work and memory count.
func TestForecastsCountWhatIsExecuted(t *testing.T) {
	shorttest.Skip(t)
	n := open(t, 1)
	for name, o := range layoutCases() {
		o.Height, o.Width = 300, 340
		for _, piece := range []string{"whole", "pieces", "lean"} {
			o.Piece, o.Lean = 0, piece == "lean"
			if piece != "whole" {
				o.Piece = max(least(n.info, o), 100*100)
			}
			for _, gradient := range []bool{true, false} {
				t.Run(fmt.Sprintf("case=%s/%s/gradient=%t", name, piece, gradient), func(t *testing.T) {
					checkForecasts(t, n, o, gradient)
				})
			}
		}
	}
}

func checkForecasts(t *testing.T, n *Network, o Objective, gradient bool) {
	t.Helper()
	slopes := []float32(nil)
	if gradient {
		slopes = make([]float32, 3*o.Height*o.Width)
	}
	e := prepareWith(t, n, filled(n.info, o), make([]float32, 3*o.Height*o.Width), slopes)
	l, err := n.info.layout(&o, gradient)
	if err != nil {
		t.Fatal(err)
	}
	products := 0.0
	for _, r := range executed(e) {
		products += r.products(t, n.info)
	}
	if got := l.cost().Products; math.Abs(got/products-1) > 1e-9 {
		t.Errorf("%g multiply-adds are foreseen, %g are executed", got, products)
	}
	_, kept := l.memory()
	if bytes := float64(bytesPerValue * keptValues(e)); math.Abs(float64(kept)-bytes) > 0.07*bytes {
		t.Errorf("%d bytes are foreseen to be kept, %g are", kept, bytes)
	}
}

// execution is a session of an evaluation and how often it is run.
type execution struct {
	share   share
	session *session
	count   int
}

func executed(e *evaluator) (list []execution) {
	if s, ok := e.evaluation.(*session); ok {
		return []execution{{e.layout.shares[0], s, 1}}
	}
	for _, s := range e.evaluation.(*piecewise).segments {
		if s.forward != nil {
			list = append(list, execution{s.share.share, s.forward.session, len(s.forward.pieces)})
		}
		if s.backward == nil {
			continue
		}
		list = append(list, execution{s.share.share, s.backward.session, len(s.backward.pieces)})
		for _, c := range s.backward.locals {
			if c.session != nil {
				list = append(list, execution{s.share.share, c.session, len(s.backward.pieces)})
			}
		}
	}
	return list
}

// nodesOf is how many nodes the cut graphs of an evaluation have.
func nodesOf(e *evaluator) (n int) {
	for _, x := range executed(e) {
		n += len(x.session.cut.nodes)
	}
	return n
}

// products are the multiply-adds of the kernels that the cut graph has, and of the
// Gram matrices that are asked for or whose deltas are fed.
func (e execution) products(t *testing.T, network *Info) float64 {
	t.Helper()
	info, cut := e.share.info, e.session.cut
	places := e.places(t)
	passes := 1.0
	outputs, inputs := namesOf(cut.outputs), namesOf(cut.inputs)
	if slices.ContainsFunc(outputs, func(name string) bool { return name == "gradient" || strings.HasPrefix(name, "cotangent.") }) {
		passes = 2
	}
	kernels := make([]Layer, len(network.Layers))
	cut.countProducts(kernels)
	sum := 0.0
	for l, k := range kernels {
		sum += passes * k.Products / info.area(l) * places
	}
	gram := func(name string) float64 {
		parts := strings.Split(name, ".")
		l, err := strconv.Atoi(parts[1])
		if err != nil {
			t.Fatal(err)
		}
		return info.values(l) * float64(info.Layers[l].Channels) * places
	}
	for _, name := range inputs {
		switch {
		case strings.Contains(name, ".scale"): // of the Gram matrix, and of its gradient
			sum += passes * gram(name)
		case strings.Contains(name, ".delta"):
			sum += gram(name)
		}
	}
	return sum * float64(e.count)
}

// places is how many places the session reads, of the image or of a pool.
func (e execution) places(t *testing.T) float64 {
	t.Helper()
	for i, name := range namesOf(e.session.cut.inputs) {
		shape := e.session.inputs[i].GetShape()
		if name == "image" || len(shape) == 4 && int(shape[1]) == e.share.planes() && !strings.Contains(name, "target") {
			return float64(shape[2] * shape[3])
		}
	}
	t.Fatalf("the session reads neither the image nor a pool: %v", namesOf(e.session.cut.inputs))
	return 0
}

// keptValues are the values of the large slices that an evaluation holds.
func keptValues(e *evaluator) (n int) {
	for _, c := range e.columns {
		n += len(c.even) + len(c.odd)
	}
	p, ok := e.evaluation.(*piecewise)
	if !ok {
		return n
	}
	for _, s := range p.segments {
		if s.share.first != imageItself {
			n += len(s.share.input.values) + len(s.share.gradient.values)
		}
		if f := s.forward; f != nil {
			n += len(f.crop.values)
		}
		if b := s.backward; b != nil {
			n += len(b.crop.values) + len(b.part.values)
			for _, c := range b.locals {
				n += len(c.features.values) + len(c.target.values) + len(c.pixels.values)
			}
		}
	}
	return n
}
