//go:build cgo

package runtime

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sbinet/npyio/npz"

	"zellige/internal/shorttest"
)

// The golden numbers are PyTorch's, of the same weights, in float64 (see
// testdata/golden/README.md). Errors are relative to the largest magnitude.
const goldenTolerance = 1e-4

// golden is one file of testdata/golden. Gram matrices in it are over C h w.
type golden struct {
	t             testing.TB
	file          *npz.Reader
	image, target Image
}

func openGolden(t testing.TB, name string, height, width int) golden {
	t.Helper()
	g := golden{t: t, file: openGoldenFile(t, name)}
	g.image = Image{height, width, array[float32](g, "image")}
	g.target = Image{height, width, array[float32](g, "target")}
	return g
}

func openGoldenFile(t testing.TB, name string) *npz.Reader {
	t.Helper()
	file, err := npz.Open(filepath.Join("..", "testdata", "golden", name+".npz"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func (g golden) has(name string) bool { return slices.Contains(g.file.Keys(), name+".npy") }

func array[T any](g golden, name string) []T {
	g.t.Helper()
	var values []T
	if err := g.file.Read(name+".npy", &values); err != nil {
		g.t.Fatalf("golden %s: %v", name, err)
	}
	return values
}

// check compares got with an array that is stored whole or as samples.
func (g golden) check(what string, got []float32) {
	g.t.Helper()
	most := array[float64](g, what+".max")[0]
	if g.has(what) {
		compareScaled(g.t, what, got, array[float32](g, what), most, goldenTolerance)
	} else {
		compareScaled(g.t, what+".sample", g.sampled(what, got), array[float32](g, what+".sample"), most, goldenTolerance)
	}
	if want := array[float64](g, what+".norm")[0]; math.Abs(norm(got)-want) > goldenTolerance*want {
		g.t.Errorf("%s: the norm is %g, want %g", what, norm(got), want)
	}
}

func (g golden) sampled(what string, values []float32) []float32 {
	var sample []float32
	for _, i := range array[int64](g, what+".indices") {
		sample = append(sample, values[i])
	}
	return sample
}

// checkLoss compares a loss of a case with its golden number.
func (g golden) checkLoss(name, loss string, got float32) {
	g.t.Helper()
	key := name + "." + loss + ".loss"
	if name == loss {
		key = loss + ".loss"
	}
	want := array[float64](g, key)[0]
	if d := math.Abs(float64(got)-want) / want; !(d <= goldenTolerance) {
		g.t.Errorf("%s: %g, want %g; differs by %.3g", key, got, want, d)
	}
}

// goldenCases are the objectives of the golden numbers: every loss alone, and
// three sums.
func goldenCases() map[string]terms {
	cases := map[string]terms{
		"reference": reference,
		"deep":      {content: map[int]float32{9: 1e-2}, style: map[int]float32{8: 10, 10: 10, 12: 10}},
		"all":       everything(),
	}
	for l := range 13 {
		cases[fmt.Sprintf("content.%d", l)] = terms{content: map[int]float32{l: 1}}
		cases[fmt.Sprintf("style.%d", l)] = terms{style: map[int]float32{l: 1}}
	}
	return cases
}

var goldenSizes = []struct{ height, width int }{{33, 48}, {64, 64}, {65, 97}, {96, 131}}

func TestGoldenExtraction(t *testing.T) {
	n := open(t, 2)
	for _, size := range goldenSizes {
		name := fmt.Sprintf("%dx%d", size.height, size.width)
		t.Run(name, func(t *testing.T) {
			g := openGolden(t, name, size.height, size.width)
			var layers []int
			var grams []GramTerm
			for l := range n.Info().Layers {
				layers = append(layers, l)
				grams = append(grams, GramTerm{l, gramScale(n.Info(), l, size.height, size.width)})
			}
			e, err := n.Extract(context.Background(), g.image, layers, grams)
			if err != nil {
				t.Fatal(err)
			}
			for l := range layers {
				g.check(feature(l), e.Features[l])
				g.check(gram(l), e.Grams[l])
			}
		})
	}
}

func TestGoldenLossesAndGradients(t *testing.T) {
	shorttest.Skip(t)
	eachGraph(t, func(t *testing.T, open func(threads int) *Network) {
		n := open(2)
		for _, size := range goldenSizes {
			for name, w := range goldenCases() {
				file := fmt.Sprintf("%dx%d", size.height, size.width)
				t.Run(fmt.Sprintf("size=%s/case=%s", file, name), func(t *testing.T) {
					g := openGolden(t, file, size.height, size.width)
					g.check(name+".gradient", g.evaluate(n, name, w))
				})
			}
		}
	})
}

// A picture of one colour is nothing but ties, where PyTorch may pick another
// winner of a maximum. If the weights of each window sum to one, the derivative in
// a colour's brightness, which is the gradient's sum over the picture, is the same.
func TestGoldenTies(t *testing.T) {
	eachGraph(t, func(t *testing.T, open func(threads int) *Network) {
		n := open(2)
		for name, w := range goldenCases() {
			t.Run("case="+name, func(t *testing.T) {
				g := openGolden(t, "flat", 33, 48)
				want := array[float64](g, name+".gradient.sums")
				compare(t, name+".gradient.sums", channelSums(g.evaluate(n, name, w)), want, goldenTolerance)
			})
		}
	})
}

// evaluate checks the losses of a case and returns the gradient.
func (g golden) evaluate(n *Network, name string, w terms) []float32 {
	g.t.Helper()
	s := prepare(g.t, n, w, g.image, g.target)
	l, err := s.Evaluate(context.Background())
	if err != nil {
		g.t.Fatal(err)
	}
	for i, layer := range sortedLayers(w.content) {
		g.checkLoss(name, fmt.Sprintf("content.%d", layer), l.Content[i])
	}
	for i, layer := range sortedLayers(w.style) {
		g.checkLoss(name, fmt.Sprintf("style.%d", layer), l.Style[i])
	}
	for i, layer := range sortedLayers(w.match) {
		g.checkLoss(name, fmt.Sprintf("match.%d", layer), l.Match[i])
	}
	return s.gradient
}

func channelSums(gradient []float32) []float32 {
	area := len(gradient) / 3
	sums := make([]float32, 3)
	for c := range sums {
		sum := 0.0
		for _, v := range gradient[c*area : (c+1)*area] {
			sum += float64(v)
		}
		sums[c] = float32(sum)
	}
	return sums
}
