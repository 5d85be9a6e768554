//go:build cgo

package runtime

import (
	"context"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"zellige/models"
)

// library is where ONNX Runtime is. Tests that need it are skipped where it is
// missing, unless ZELLIGE_REQUIRE_ONNXRUNTIME is 1.
func library(t testing.TB) string {
	t.Helper()
	path, err := FindLibrary("")
	if err == nil {
		return path
	}
	if os.Getenv("ZELLIGE_REQUIRE_ONNXRUNTIME") == "1" {
		t.Fatal(err)
	}
	t.Skipf("%v; make test fetches it", err)
	return ""
}

// open opens the committed graph until the end of the test.
func open(t testing.TB, threads int) *Network {
	t.Helper()
	return openGraph(t, models.SqueezeNet, threads)
}

// eachGraph tests the graph of ONNX's operators, and the one of fused operators.
func eachGraph(t *testing.T, test func(t *testing.T, open func(threads int) *Network)) {
	for name, model := range map[string][]byte{"standard": models.SqueezeNet, "fused": models.FusedSqueezeNet} {
		t.Run("operators="+name, func(t *testing.T) {
			test(t, func(threads int) *Network { return openGraph(t, model, threads) })
		})
	}
}

func openGraph(t testing.TB, model []byte, threads int) *Network {
	t.Helper()
	n, err := Open(Config{Model: model, Library: library(t), Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, n)
	return n
}

// closeAtEnd closes what the test is done with. What is registered for the end of the
// test earlier, such as memory, outlives it.
func closeAtEnd(t testing.TB, c io.Closer) {
	t.Helper()
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

// noise is a picture of pixels about as large as a photograph's.
func noise(seed uint64, height, width int) Image {
	random := rand.New(rand.NewPCG(seed, 0))
	pixels := make([]float32, 3*height*width)
	for i := range pixels {
		pixels[i] = float32(random.NormFloat64())
	}
	return Image{height, width, pixels}
}

// terms asks for losses, weights by layer.
type terms struct{ content, style, match map[int]float32 }

// reference is the report's own objective.
var reference = terms{
	content: map[int]float32{3: 7e-2},
	style:   map[int]float32{1: 450000, 4: 2000, 5: 20, 7: 4},
}

// everything is all the losses there are.
func everything() terms {
	all := terms{content: map[int]float32{}, style: map[int]float32{}}
	for l := range 13 {
		all.content[l], all.style[l] = 1e-2, 1000
	}
	return all
}

// objective asks for the losses of a picture of height x width; the targets are
// target's features and its Gram matrices over C h w.
func (w terms) objective(t testing.TB, n *Network, height, width int, target Image) Objective {
	t.Helper()
	o := Objective{Height: height, Width: width}
	var features []int
	var grams []GramTerm
	for _, l := range sortedLayers(w.content) {
		features = append(features, l)
		o.Content = append(o.Content, ContentTerm{Layer: l, Weight: w.content[l]})
	}
	for _, l := range sortedLayers(w.style) {
		grams = append(grams, GramTerm{l, gramScale(n.Info(), l, target.Height, target.Width)})
		o.Style = append(o.Style, StyleTerm{Layer: l, Weight: w.style[l], Scale: gramScale(n.Info(), l, height, width)})
	}
	e, err := n.Extract(context.Background(), target, features, grams)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.match) > 0 {
		o.Match = w.matchTerms(t, n, target)
	}
	for i := range o.Content {
		o.Content[i].Target = e.Features[i]
	}
	for i := range o.Style {
		o.Style[i].Target = e.Grams[i]
	}
	return o
}

// matchTerms have target's matches as their targets.
func (w terms) matchTerms(t testing.TB, n *Network, target Image) (list []MatchTerm) {
	t.Helper()
	layers := sortedLayers(w.match)
	targets, err := n.MatchFeatures(context.Background(), target, layers)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range layers {
		list = append(list, MatchTerm{Layer: l, Weight: w.match[l], Target: targets[i]})
	}
	return list
}

func sortedLayers(weights map[int]float32) []int { return slices.Sorted(maps.Keys(weights)) }

// gramScale is 1/(C h w), the usual normalisation.
func gramScale(info *Info, layer, height, width int) float32 {
	h, w := info.FeatureSize(layer, height, width)
	return float32(1 / float64(info.Layers[layer].Channels*h*w))
}

// prepared is an evaluator with the slices it works on.
type prepared struct {
	*evaluator
	pixels, gradient []float32
}

// prepare prepares the losses of image against target until the end of the test.
func prepare(t testing.TB, n *Network, w terms, image, target Image) prepared {
	t.Helper()
	return prepareObjective(t, n, w.objective(t, n, image.Height, image.Width, target), image)
}

func prepareObjective(t testing.TB, n *Network, o Objective, image Image) prepared {
	t.Helper()
	p := prepared{pixels: slices.Clone(image.Pixels), gradient: make([]float32, len(image.Pixels))}
	p.evaluator = prepareWith(t, n, o, p.pixels, p.gradient)
	return p
}

func prepareWith(t testing.TB, n *Network, o Objective, pixels, gradient []float32) *evaluator {
	t.Helper()
	s, err := n.Prepare(o, pixels, gradient)
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, s)
	return s.(*evaluator)
}

// evaluate returns copies of the losses, in the order of the terms, and of the
// gradient.
func (p prepared) evaluate(t testing.TB) (losses, gradient []float32) {
	t.Helper()
	l, err := p.Evaluate(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(l.Content, l.Style, l.Match), slices.Clone(p.gradient)
}

// nodes is how many operators the cut graphs have.
func (p prepared) nodes() int { return nodesOf(p.evaluator) }

func TestOpenErrors(t *testing.T) {
	path := library(t)
	whole := models.SqueezeNet
	tests := []struct {
		name  string
		model []byte
		want  string
	}{
		{"empty", nil, "the file is empty"},
		{"text", []byte("version https://git-lfs.github.com/spec/v1"), "not a whole ONNX model"},
		{"1 byte", whole[:1], "not a whole ONNX model"},
		{"10 bytes", whole[:10], "not "},
		{"half", whole[:len(whole)/2], "not a whole ONNX model"},
		{"all but one byte", whole[:len(whole)-1], "not a whole ONNX model"},
		{"of somebody else", testModel{nodes: []string{"Neg a -> b"}, inputs: []string{"a"}, outputs: []string{"b"}}.encode(), "does not keep zellige's contract"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, err := Open(Config{Model: test.model, Library: path})
			if err == nil || !strings.Contains(err.Error(), test.want) || n != nil {
				t.Errorf("%v, error %v, want one with %q", n, err, test.want)
			}
		})
	}
}

// A graph that keeps the contract's names but is nonsense is an error at the first use, to
// ONNX Runtime too, and nothing is left behind.
func TestNonsenseGraph(t *testing.T) {
	n, err := Open(Config{Model: sealed(contractModel().encode()), Library: library(t)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = n.Extract(context.Background(), noise(1, 16, 16), []int{0}, nil)
	if err == nil || !strings.Contains(err.Error(), `which makes ["feature.0"] (Conv): what it reads does not fit together`) {
		t.Errorf("error %v", err)
	}
	var s session
	err = s.open(parsed(t, contractModel()), 1, []slot{imageSlot(noise(1, 16, 16))}, nil)
	if err == nil || !strings.Contains(err.Error(), "ONNX Runtime does not open the graph") {
		t.Errorf("error %v", err)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	if err := n.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenReportsWhatItUses(t *testing.T) {
	n := open(t, 3)
	if path, version := n.Library(); path != library(t) || !strings.HasPrefix(version, "1.") {
		t.Errorf("library %s, version %q", path, version)
	}
	if n.Threads() != 3 {
		t.Errorf("%d threads, want 3", n.Threads())
	}
	if n := open(t, 0); n.Threads() < 1 {
		t.Errorf("%d threads by default", n.Threads())
	}
}

func TestExtractErrors(t *testing.T) {
	n := open(t, 1)
	image := noise(1, 16, 20)
	tests := []struct {
		name     string
		image    Image
		features []int
		grams    []GramTerm
		want     string
	}{
		{"no such features", image, []int{13}, nil, "layer 13 does not exist"},
		{"no such Gram matrix", image, nil, []GramTerm{{-1, 1}}, "layer -1 does not exist"},
		{"too small", image, []int{8}, nil, "layer 8 needs pictures of at least 17 pixels a side, this one is 20x16"},
		{"features twice", image, []int{1, 2, 1}, nil, "layer 1 is given twice"},
		{"Gram matrix twice", image, nil, []GramTerm{{4, 1}, {4, 2}}, "layer 4 is given twice"},
		{"too few pixels", Image{16, 20, image.Pixels[1:]}, []int{1}, nil, "the image has 959 values, a picture of 20x16 has 3*16*20"},
		{"too many pixels", Image{16, 19, image.Pixels}, []int{1}, nil, "the image has 960 values"},
		{"no picture", Image{}, []int{1}, nil, "the image has 0 values"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := n.Extract(context.Background(), test.image, test.features, test.grams)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestExtractNothing(t *testing.T) {
	n := open(t, 1)
	e, err := n.Extract(context.Background(), noise(1, 16, 16), nil, nil)
	if err != nil || e.Features != nil || e.Grams != nil {
		t.Errorf("%v, %v", e, err)
	}
}

// Every layer's smallest picture works in ONNX Runtime as the metadata says.
func TestExtractSmallestPictures(t *testing.T) {
	n := open(t, 1)
	for layer := range n.Info().Layers {
		least := n.Info().MinimumSize(layer)
		for size := least; size < least+9; size++ {
			image := noise(1, size, least)
			e, err := n.Extract(context.Background(), image, []int{layer}, []GramTerm{{layer, 1}})
			if err != nil {
				t.Errorf("layer %d of %dx%d: %v", layer, size, least, err)
				continue
			}
			checkGram(t, n.Info().Layers[layer].Channels, e.Features[0], e.Grams[0])
		}
	}
}

// checkGram checks that gram, [c][c], is F F^T, F the features as [c][h*w].
func checkGram(t *testing.T, c int, features, gram []float32) {
	t.Helper()
	area := len(features) / c
	want := make([]float64, c*c)
	for i := range c {
		for j := range c {
			for p := range area {
				want[i*c+j] += float64(features[i*area+p]) * float64(features[j*area+p])
			}
		}
	}
	compare(t, "gram", gram, want, 1e-5)
}

func TestPrepareErrors(t *testing.T) {
	n := open(t, 1)
	image := noise(1, 20, 24)
	whole := reference.objective(t, n, 20, 24, image)
	tests := []struct {
		name             string
		spoil            func(*Objective)
		pixels, gradient []float32
		want             string
	}{
		{"no term", func(o *Objective) { o.Content, o.Style = nil, nil }, image.Pixels, image.Pixels, `cannot compute "gradient"`},
		{"content layer", func(o *Objective) { o.Content[0].Layer = 13 }, image.Pixels, image.Pixels, "content loss: layer 13 does not exist"},
		{"content target", func(o *Objective) { o.Content[0].Target = o.Content[0].Target[1:] }, image.Pixels, image.Pixels, "content loss: target of layer 3 has"},
		{"style layer", func(o *Objective) { o.Style[1].Layer = -1 }, image.Pixels, image.Pixels, "style loss: layer -1 does not exist"},
		{"style target", func(o *Objective) { o.Style[0].Target = nil }, image.Pixels, image.Pixels, "style loss: target of layer 1 has 0 values, want 4096"},
		{"content twice", func(o *Objective) { o.Content = append(o.Content, o.Content[0]) }, image.Pixels, image.Pixels, "content loss: layer 3 is given twice"},
		{"style twice", func(o *Objective) { o.Style = append(o.Style, o.Style[2]) }, image.Pixels, image.Pixels, "style loss: layer 5 is given twice"},
		{"pixels", func(*Objective) {}, image.Pixels[1:], image.Pixels, "the image has 1439 values, a picture of 24x20 has 3*20*24"},
		{"gradient", func(*Objective) {}, image.Pixels, image.Pixels[1:], "the gradient has 1439 values"},
		{"size", func(o *Objective) { o.Height = 16 }, image.Pixels, image.Pixels, "content loss: target of layer 3"},
		{"height below 0", func(o *Objective) { o.Height, o.Content, o.Style = -1, nil, nil }, image.Pixels, image.Pixels, "the image has 1440 values"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := whole
			o.Content, o.Style = slices.Clone(whole.Content), slices.Clone(whole.Style)
			test.spoil(&o)
			s, err := n.Prepare(o, test.pixels, test.gradient)
			if err == nil || !strings.Contains(err.Error(), test.want) || s != nil {
				t.Errorf("evaluator %v, error %v, want one with %q", s, err, test.want)
			}
		})
	}
}

func TestCloseOrder(t *testing.T) {
	image := noise(1, 20, 20)
	for _, order := range []string{"evaluator first", "network first", "evaluator alone twice", "network alone twice"} {
		t.Run(order, func(t *testing.T) {
			n := open(t, 1)
			s := prepare(t, n, reference, image, image)
			s.evaluate(t)
			switch order {
			case "evaluator first":
				expectClosed(t, s, n)
			case "network first":
				expectClosed(t, n, s)
			case "evaluator alone twice":
				expectClosed(t, s, s)
			case "network alone twice":
				expectClosed(t, n, n)
			}
			if _, err := s.Evaluate(context.Background()); !errors.Is(err, errClosed) {
				t.Errorf("evaluate after close: %v", err)
			}
		})
	}
}

func expectClosed(t *testing.T, closers ...interface{ Close() error }) {
	t.Helper()
	for _, c := range closers {
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
}

func TestClosedNetwork(t *testing.T) {
	n := open(t, 1)
	other := open(t, 1) // keeps the library loaded, so that a mistake is no crash
	image := noise(1, 20, 20)
	o := reference.objective(t, n, 20, 20, image)
	expectClosed(t, n)
	if _, err := n.Extract(context.Background(), image, []int{1}, nil); !errors.Is(err, errClosed) {
		t.Errorf("extract: %v", err)
	}
	if s, err := n.Prepare(o, image.Pixels, nil); !errors.Is(err, errClosed) || s != nil {
		t.Errorf("prepare: %v, %v", s, err)
	}
	if _, err := other.Extract(context.Background(), image, []int{1}, nil); err != nil {
		t.Errorf("the other network: %v", err)
	}
}
