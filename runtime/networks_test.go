//go:build cgo

package runtime

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"zellige/internal/shorttest"
)

// networks are small ones of well-known shapes, exported by scripts/export_network.py; the
// numbers are PyTorch's (see testdata/golden/README.md).
var networks = []string{"vgg19", "resnet18", "googlenet", "mobilenet2", "densenet121", "operators", "unet", "pyramid", "autoencoder"}

func TestGoldenNetworks(t *testing.T) {
	shorttest.Skip(t)
	for _, name := range networks {
		t.Run(name, func(t *testing.T) {
			n, g := openNetwork(t, name)
			o := g.everyLoss(n)
			_, gradient := g.evaluateObjective(n, o)
			compareScaled(t, "gradient", gradient, array[float32](g, "gradient"), largest(gradient), goldenTolerance)
		})
	}
}

func TestNetworkGradientByFiniteDifferences(t *testing.T) {
	shorttest.Skip(t)
	for _, name := range networks {
		t.Run(name, func(t *testing.T) {
			n, g := openNetwork(t, name)
			p := prepareObjective(t, n, g.everyLoss(n), g.image)
			_, gradient := p.evaluate(t)
			for seed := range uint64(3) {
				p.checkDirection(t, gradient, steep(seed, gradient))
			}
		})
	}
}

// What a network pads at its edges is padded at those of the picture alone, so that pieces
// add up to the whole.
func TestPiecesOfNetworks(t *testing.T) {
	shorttest.Skip(t)
	for _, test := range []struct {
		name                 string
		layer, height, width int
	}{
		{"vgg19", 8, 73, 90}, {"operators", 8, 73, 90},
		{"unet", 7, 279, 121}, {"pyramid", 11, 393, 127}, {"autoencoder", 16, 153, 147},
	} {
		t.Run(test.name, func(t *testing.T) {
			n, _ := openNetwork(t, test.name)
			layer := test.layer
			image, target := noise(1, test.height, test.width), noise(2, test.height, test.width)
			e, err := n.Extract(context.Background(), target, []int{layer}, []GramTerm{{layer, 1}})
			if err != nil {
				t.Fatal(err)
			}
			o := Objective{Height: test.height, Width: test.width,
				Content: []ContentTerm{{Layer: layer, Weight: 1, Target: e.Features[0]}},
				Style:   []StyleTerm{{Layer: layer, Weight: 1e-4, Scale: 1, Target: e.Grams[0]}}}
			g := golden{t: t, image: image}
			losses, whole := g.evaluateObjective(n, o)
			for o.Piece = 512; ; o.Piece += 256 { // the smallest that the halos leave room for
				if _, err := n.info.layout(&o, true); err == nil {
					break
				}
			}
			if !o.InPieces() {
				t.Fatalf("pieces of %d pixels are the whole picture", o.Piece)
			}
			inPieces, gradient := g.evaluateObjective(n, o)
			compareScaled(t, "gradient", gradient, whole, largest(whole), 1e-4)
			compareScaled(t, "losses", inPieces, losses, largest(losses), 1e-5)
		})
	}
}

// openNetwork opens a network of testdata and its golden numbers.
func openNetwork(t *testing.T, name string) (*Network, golden) {
	t.Helper()
	folder := filepath.Join("..", "testdata", "networks")
	packed, err := os.ReadFile(filepath.Join(folder, name+".onnx.gz"))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	model, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	n, err := Open(Config{Model: model, Library: library(t), Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, n)
	const height, width = 47, 66
	g := golden{t: t, file: openGoldenFile(t, filepath.Join("..", "networks", "pictures"))}
	g.image = Image{height, width, array[float32](g, "image")}
	g.target = Image{height, width, array[float32](g, "target")}
	g.file = openGoldenFile(t, filepath.Join("..", "networks", name))
	return n, g
}

// everyLoss is the objective of all losses that a network has for the picture, with the
// golden weights.
func (g golden) everyLoss(n *Network) Objective {
	g.t.Helper()
	o := Objective{Height: g.image.Height, Width: g.image.Width}
	local, style := array[float32](g, "local"), array[float32](g, "style")
	for l, layer := range n.info.Layers {
		h, w := n.info.FeatureSize(l, o.Height, o.Width)
		scale := 1 / float32(layer.Channels*h*w)
		e, err := n.Extract(context.Background(), g.target, []int{l}, []GramTerm{{l, scale}})
		if err != nil {
			g.t.Fatal(err)
		}
		o.Content = append(o.Content, ContentTerm{Layer: l, Weight: local[l], Target: e.Features[0]})
		o.Style = append(o.Style, StyleTerm{Layer: l, Weight: style[l], Scale: scale, Target: e.Grams[0]})
		if h, _ := n.info.MatchSize(l, o.Height, o.Width); h > 0 {
			matches, err := n.MatchFeatures(context.Background(), g.target, []int{l})
			if err != nil {
				g.t.Fatal(err)
			}
			o.Match = append(o.Match, MatchTerm{Layer: l, Weight: local[l], Target: matches[0]})
		}
	}
	return o
}

// evaluateObjective evaluates at the image, and compares the losses if there are golden ones.
func (g golden) evaluateObjective(n *Network, o Objective) (losses, gradient []float32) {
	g.t.Helper()
	gradient = make([]float32, len(g.image.Pixels))
	e, err := n.Prepare(o, g.image.Pixels, gradient)
	if err != nil {
		g.t.Fatal(err)
	}
	closeAtEnd(g.t, e)
	l, err := e.Evaluate(context.Background())
	if err != nil {
		g.t.Fatal(err)
	}
	if g.file != nil {
		for kind, got := range map[string][]float32{"content": l.Content, "style": l.Style, "match": l.Match} {
			want := array[float64](g, kind+".losses")
			for i := range got {
				compareScaled(g.t, fmt.Sprintf("%s.%d", kind, i), got[i:i+1], want[i:i+1], want[i], goldenTolerance)
			}
		}
	}
	return append(append(append(losses, l.Content...), l.Style...), l.Match...), gradient
}
