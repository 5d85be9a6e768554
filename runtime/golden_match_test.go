//go:build cgo

package runtime

import (
	"context"
	"fmt"
	"testing"

	"zellige/internal/shorttest"
)

// openGoldenMatches opens the golden numbers of the matching loss, of the picture and the
// target that the other golden numbers of a size are of.
func openGoldenMatches(t testing.TB, height, width int) golden {
	t.Helper()
	size := fmt.Sprintf("%dx%d", height, width)
	g := openGolden(t, size, height, width)
	g.file = openGoldenFile(t, "match-"+size)
	return g
}

func TestGoldenMatches(t *testing.T) {
	shorttest.Skip(t)
	eachGraph(t, func(t *testing.T, open func(threads int) *Network) {
		n := open(2)
		for _, size := range goldenSizes {
			file := fmt.Sprintf("match-%dx%d", size.height, size.width)
			t.Run(file, func(t *testing.T) {
				g := openGoldenMatches(t, size.height, size.width)
				for l := range n.info.Layers {
					got, err := n.MatchFeatures(context.Background(), g.image, []int{l})
					if err != nil {
						t.Fatal(err)
					}
					g.check(matchFeature(l), got[0])
				}
				for name, w := range matchCases() {
					g.check(name+".gradient", g.evaluate(n, name, w))
				}
			})
		}
	})
}
