//go:build cgo

package runtime

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"zellige/internal/shorttest"
)

// softMask is a mask of h x w: regions of 0, of 1 and soft edges between them.
func softMask(seed uint64, h, w int) []float32 {
	random := rand.New(rand.NewPCG(seed, 7))
	mask := make([]float32, h*w)
	for i := range mask {
		mask[i] = min(1, max(0, random.Float32()*3-1))
	}
	return mask
}

// regions gives each style term of an objective a mask, and as many more regions
// as asked for, with other masks, weights and targets.
func regions(n *Network, o Objective, more int) Objective {
	style := o.Style
	o.Style = nil
	for i, t := range style {
		h, w := n.Info().FeatureSize(t.Layer, o.Height, o.Width)
		for r := range more + 1 {
			region := t
			region.Mask = softMask(uint64(100*i+r), h, w)
			region.Weight *= float32(r + 1)
			region.Target = slices.Clone(t.Target)
			for p := range region.Target {
				region.Target[p] *= 1 / float32(r+1)
			}
			o.Style = append(o.Style, region)
		}
	}
	return o
}

// A mask of ones is the whole map.
func TestMaskOfOnes(t *testing.T) {
	n := open(t, 2)
	image, target := noise(1, 61, 82), noise(2, 61, 82)
	wantLosses, want := prepare(t, n, everything(), image, target).evaluate(t)
	o := everything().objective(t, n, 61, 82, target)
	for i := range o.Style {
		h, w := n.Info().FeatureSize(o.Style[i].Layer, 61, 82)
		o.Style[i].Mask = slices.Repeat([]float32{1}, h*w)
	}
	losses, got := prepareObjective(t, n, o, image).evaluate(t)
	compare(t, "losses", losses, wantLosses, 1e-6)
	compareNorm(t, got, want, 1e-5)
}

// Regions of a layer add up beside each other and beside the term of the whole
// map: together they give what each gives alone.
func TestRegionsAddUp(t *testing.T) {
	n := open(t, 2)
	image, target := noise(1, 61, 82), noise(2, 61, 82)
	w := terms{style: map[int]float32{1: 1000, 4: 1000, 7: 1000, 12: 1000}}
	o := regions(n, w.objective(t, n, 61, 82, target), 2)
	o.Style = append(o.Style, w.objective(t, n, 61, 82, target).Style...)
	var wantLosses []float32
	want := make([]float32, len(image.Pixels))
	for _, term := range o.Style {
		alone := o
		alone.Style = []StyleTerm{term}
		losses, gradient := prepareObjective(t, n, alone, image).evaluate(t)
		wantLosses = append(wantLosses, losses...)
		for i, g := range gradient {
			want[i] += g
		}
	}
	losses, got := prepareObjective(t, n, o, image).evaluate(t)
	compare(t, "losses", losses, wantLosses, 1e-5)
	compareNorm(t, got, want, 1e-5)
}

// The Gram matrix of a region is that of the masked features.
func TestRegionLoss(t *testing.T) {
	n := open(t, 2)
	image := noise(1, 61, 82)
	w := terms{style: map[int]float32{1: 1, 4: 1, 5: 1, 7: 1, 12: 1}}
	o := regions(n, w.objective(t, n, 61, 82, noise(2, 61, 82)), 1)
	losses, _ := prepareObjective(t, n, o, image).evaluate(t)
	for i, term := range o.Style {
		e, err := n.Extract(context.Background(), image, []int{term.Layer}, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := regionLoss(term, e.Features[0])
		compare(t, fmt.Sprintf("loss %d, of layer %d", i, term.Layer), losses[i:i+1], []float64{want}, 1e-5)
	}
}

// regionLoss is the definition, features as [c][h*w].
func regionLoss(t StyleTerm, features []float32) float64 {
	area := len(t.Mask)
	c := len(features) / area
	loss := 0.0
	for i := range c {
		for j := range c {
			g := 0.0
			for p, m := range t.Mask {
				g += float64(features[i*area+p]) * float64(features[j*area+p]) * float64(m) * float64(m)
			}
			d := float64(t.Scale)*g - float64(t.Target[i*c+j])
			loss += float64(t.Weight) * d * d
		}
	}
	return loss
}

func TestRegionGradientByFiniteDifferences(t *testing.T) {
	shorttest.Skip(t)
	n := open(t, 2)
	for l := range n.Info().Layers {
		for _, size := range []struct{ height, width int }{{19, 18}, {24, 41}} {
			t.Run(fmt.Sprintf("size=%dx%d/layer=%d", size.height, size.width, l), func(t *testing.T) {
				w := terms{style: map[int]float32{l: 1}}
				o := regions(n, w.objective(t, n, size.height, size.width, noise(2, size.height, size.width)), 1)
				s := prepareObjective(t, n, o, noise(1, size.height, size.width))
				_, gradient := s.evaluate(t)
				for seed := range uint64(3) {
					s.checkDirection(t, gradient, steep(seed, gradient))
				}
			})
		}
	}
}

func TestRegionsInPieces(t *testing.T) {
	shorttest.Skip(t)
	n := open(t, 2)
	for _, size := range []struct{ height, width int }{{150, 211}, {17, 500}} {
		t.Run(fmt.Sprintf("size=%dx%d", size.height, size.width), func(t *testing.T) {
			image := noise(1, size.height, size.width)
			o := reference.objective(t, n, size.height, size.width, noise(2, size.height, size.width))
			plain := o.Style
			o = regions(n, o, 1)
			o.Style = append(o.Style, plain[1])
			wantLosses, want := prepareObjective(t, n, o, image).evaluate(t)
			for _, o.Lean = range []bool{false, true} {
				o.Piece = least(n.Info(), o)
				losses, got := prepareObjective(t, n, o, image).evaluate(t)
				compare(t, "losses", losses, wantLosses, 1e-5)
				compareNorm(t, got, want, 1e-5)
			}
		})
	}
}
