//go:build cgo

package runtime

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/sbinet/npyio/npz"
)

// The matching loss of each layer alone, by the names of the contract.
func TestGoldenMatchingLoss(t *testing.T) {
	n := open(t, 2)
	for _, size := range goldenSizes {
		file := fmt.Sprintf("%dx%d", size.height, size.width)
		pair := openGolden(t, file, size.height, size.width)
		for l := range n.Info().Layers {
			t.Run(fmt.Sprintf("size=%s/layer=%d", file, l), func(t *testing.T) {
				match, err := npz.Open(filepath.Join("..", "testdata", "golden", "match-"+file+".npz"))
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = match.Close() }()
				golden{t, match, pair.image, pair.target}.checkMatch(n, l)
			})
		}
	}
}

func (g golden) checkMatch(n *Network, l int) {
	g.t.Helper()
	name := fmt.Sprintf("match.%d", l)
	g.check(name+".feature", g.averaged(n, l, g.image).data)
	target := g.averaged(n, l, g.target)
	target.name = name + ".target"
	loss := make([]float32, 1)
	gradient := empty("gradient", 1, 3, g.image.Height, g.image.Width)
	g.run(n, []slot{imageSlot(g.image), target, scalar(name+".weight", 1)}, loss, scalar(name+".loss", 0), gradient)
	g.checkLoss(name, name, loss[0])
	g.check(name+".gradient", gradient.data)
}

// averaged is match.l.feature of an image, [1][C][h/k][w/k] with k = 2 for the two
// layers of stride 2, else 1.
func (g golden) averaged(n *Network, l int, i Image) slot {
	g.t.Helper()
	shape := n.Info().featureShape(l, i.Height, i.Width)
	if n.Info().Layers[l].Stride == 2 {
		shape[2], shape[3] = shape[2]/2, shape[3]/2
	}
	feature := empty(fmt.Sprintf("match.%d.feature", l), shape...)
	g.run(n, []slot{imageSlot(i)}, nil, feature)
	return feature
}

func (g golden) run(n *Network, in []slot, losses []float32, out ...slot) {
	g.t.Helper()
	s, err := n.newSession(n.graph, in, out)
	if err != nil {
		g.t.Fatal(err)
	}
	defer func() {
		if err := s.close(); err != nil {
			g.t.Error(err)
		}
	}()
	if err := s.run(context.Background(), losses); err != nil {
		g.t.Fatal(err)
	}
}
