//go:build cgo

package runtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"zellige/internal/shorttest"
)

// preparePieces is prepare piece by piece.
func preparePieces(t testing.TB, n *Network, w terms, image, target Image, piece int) prepared {
	t.Helper()
	o := w.objective(t, n, image.Height, image.Width, target)
	o.Piece = piece
	return prepareObjective(t, n, o, image)
}

// least is the smallest piece that works for an objective.
func least(info *Info, o Objective) int {
	pixels := 0
	for _, s := range info.segments(o.deepest(), o.Lean) {
		s := info.share(s, &o)
		pixels = max(pixels, s.least())
	}
	return pixels
}

// Each layer by itself is looked at in one of the sizes, layers together in all.
func TestPiecesAgree(t *testing.T) {
	shorttest.Skip(t)
	eachGraph(t, func(t *testing.T, open func(threads int) *Network) {
		n := open(2)
		sizes := []struct{ height, width int }{{129, 112}, {17, 400}, {301, 18}, {110, 141}}
		for i, size := range sizes {
			cases := map[string]terms{"reference": reference, "all": everything()}
			for l := i; l < len(n.Info().Layers); l += len(sizes) {
				cases[fmt.Sprintf("layer.%d", l)] = terms{content: map[int]float32{l: 1}, style: map[int]float32{l: 1000}}
			}
			image, target := noise(1, size.height, size.width), noise(2, size.height, size.width)
			for name, w := range cases {
				wantLosses, want := prepare(t, n, w, image, target).evaluate(t)
				o := w.objective(t, n, size.height, size.width, target)
				for _, o.Lean = range []bool{false, true} {
					t.Run(fmt.Sprintf("size=%dx%d/case=%s/lean=%t", size.height, size.width, name, o.Lean), func(t *testing.T) {
						o.Piece = max(least(n.Info(), o), 60*60)
						losses, got := prepareObjective(t, n, o, image).evaluate(t)
						compare(t, "losses", losses, wantLosses, 1e-4) // ONNX Runtime adds up squares in float32
						compareNorm(t, got, want, 1e-5)
					})
				}
			}
		}
	})
}

func TestExtractInPieces(t *testing.T) {
	shorttest.Skip(t)
	n := open(t, 1) // more would mostly wait for each other, so small are the pieces
	sizes := []struct{ height, width int }{{110, 141}, {17, 400}, {161, 142}}
	for i, size := range sizes {
		image := noise(1, size.height, size.width)
		for deepest := i; deepest < len(n.Info().Layers); deepest += len(sizes) {
			t.Run(fmt.Sprintf("size=%dx%d/deepest=%d", size.height, size.width, deepest), func(t *testing.T) {
				var layers []int
				var grams []GramTerm
				for l := range deepest + 1 {
					layers, grams = append(layers, l), append(grams, GramTerm{l, 0.5})
				}
				want, err := n.Extract(context.Background(), image, layers, grams)
				if err != nil {
					t.Fatal(err)
				}
				piece := n.Info().forFeatures(deepest).least(size.height, size.width)
				got, err := n.extractPieces(context.Background(), image, layers, grams, max(piece, 60*60))
				if err != nil {
					t.Fatal(err)
				}
				for l := range layers {
					compare(t, feature(l), got.Features[l], want.Features[l], 1e-6)
					compare(t, gram(l), got.Grams[l], want.Grams[l], 1e-5)
				}
			})
		}
	}
}

func TestPiecesAllocateNothing(t *testing.T) {
	n := open(t, 1)
	image := noise(1, 200, 200)
	o := reference.objective(t, n, 200, 200, noise(2, 200, 200))
	o.Content[0].Target = nil
	o.Content[0].Content = func(part Image, top, left int) {
		paste(grid{part.area(top, left), part.Pixels}, grid{whole(200, 200), image.Pixels}, part.area(top, left))
	}
	o.Piece = 160 * 160
	for _, o.Lean = range []bool{false, true} {
		s := prepareObjective(t, n, o, image)
		s.evaluate(t)
		evaluate := func() {
			if _, err := s.Evaluate(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if n := testing.AllocsPerRun(5, evaluate); n != 0 {
			t.Errorf("lean=%t: %g allocations per evaluation", o.Lean, n)
		}
	}
}

// area is where a part of a picture lies.
func (i Image) area(top, left int) area {
	return area{span{top, top + i.Height}, span{left, left + i.Width}}
}

// A content picture gives what its features as a target give, whole or in pieces.
func TestContentPicture(t *testing.T) {
	n := open(t, 2)
	image, content := noise(1, 190, 230), noise(2, 190, 230)
	o := reference.objective(t, n, 190, 230, content)
	wantLosses, want := prepareObjective(t, n, o, image).evaluate(t)
	o.Content[0].Target = nil
	o.Content[0].Content = func(part Image, top, left int) {
		paste(grid{part.area(top, left), part.Pixels}, grid{whole(190, 230), content.Pixels}, part.area(top, left))
	}
	for _, piece := range []struct {
		most int
		lean bool
	}{{0, false}, {160 * 160, false}, {160 * 160, true}, {190 * 230, true}} {
		o.Piece, o.Lean = piece.most, piece.lean
		losses, got := prepareObjective(t, n, o, image).evaluate(t)
		compare(t, "losses", losses, wantLosses, 1e-5)
		compareNorm(t, got, want, 1e-5)
	}
}

func TestPiecesDoNotDependOnThreads(t *testing.T) {
	shorttest.Skip(t)
	image, target := noise(1, 190, 230), noise(2, 190, 230)
	wantLosses, want := preparePieces(t, open(t, 1), reference, image, target, 160*160).evaluate(t)
	for _, threads := range []int{2, 4} {
		s := preparePieces(t, open(t, threads), reference, image, target, 160*160)
		for range 2 {
			if losses, got := s.evaluate(t); !slices.Equal(losses, wantLosses) || !slices.Equal(got, want) {
				t.Errorf("threads=%d: another result than with one thread", threads)
			}
		}
	}
}

func TestPiecesWithoutGradient(t *testing.T) {
	n := open(t, 2)
	image, target := noise(1, 190, 230), noise(2, 190, 230)
	for name, w := range map[string]terms{"reference": reference, "style": {style: map[int]float32{5: 1}}, "content": {content: map[int]float32{4: 1}}} {
		want, _ := preparePieces(t, n, w, image, target, 160*160).evaluate(t)
		o := w.objective(t, n, 190, 230, target)
		o.Piece = 160 * 160
		s, err := n.Prepare(o, image.Pixels, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Evaluate(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if losses := slices.Concat(got.Content, got.Style); !slices.Equal(losses, want) {
			t.Errorf("%s: losses %v, with the gradient %v", name, losses, want)
		}
		expectClosed(t, s, s)
	}
}

func TestPieceTooSmall(t *testing.T) {
	n := open(t, 1)
	image := noise(1, 300, 500)
	for _, test := range []struct {
		lean bool
		want string
	}{
		{false, "layer 7 of a picture of 500x300 pixels needs pieces of at least 5184 pixels, not 1000"},
		{true, "layer 7 of a picture of 500x300 pixels needs pieces of at least 19600 pixels, not 1000"},
	} {
		o := reference.objective(t, n, 300, 500, image)
		o.Piece, o.Lean = 1000, test.lean
		s, err := n.Prepare(o, image.Pixels, nil)
		if err == nil || err.Error() != test.want || s != nil {
			t.Errorf("evaluator %v, error %v, want %q", s, err, test.want)
		}
	}
}

// Cancelling inside of a piece ends the evaluation; the next one is as good as ever.
func TestPiecesCancelled(t *testing.T) {
	n := open(t, 2)
	s := preparePieces(t, n, reference, noise(1, 400, 400), noise(2, 400, 400), 200*200)
	wantLosses, want := s.evaluate(t)
	cancelled := 0
	for wait := time.Millisecond; wait < time.Second; wait *= 2 {
		if _, err := s.cancelAfter(wait); err != nil {
			cancelled++
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("error %v", err)
			}
		}
	}
	if cancelled == 0 {
		t.Error("no evaluation was cancelled")
	}
	if losses, got := s.evaluate(t); !slices.Equal(losses, wantLosses) || !slices.Equal(got, want) {
		t.Error("another result after it was cancelled")
	}
	expectClosed(t, s, s)
	if _, err := s.Evaluate(context.Background()); !errors.Is(err, errClosed) {
		t.Errorf("evaluate after close: %v", err)
	}
}

// BenchmarkPieces evaluates the losses and their gradient once: the whole picture,
// piece by piece, and without features kept between the pieces.
func BenchmarkPieces(b *testing.B) {
	n := open(b, 0)
	for _, size := range []int{512, 1024, 2048} {
		image := photograph(1, size)
		o := reference.objective(b, n, image.Height, image.Width, image)
		for _, test := range []struct {
			name  string
			piece int
			lean  bool
		}{{"whole", 0, false}, {"pieces", 1 << 18, false}, {"lean", 1 << 18, true}, {"lean", 1 << 20, true}} {
			b.Run(fmt.Sprintf("size=%d/%s=%d", size, test.name, test.piece), func(b *testing.B) {
				o.Piece, o.Lean = test.piece, test.lean
				s := prepareObjective(b, n, o, image)
				s.evaluate(b)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := s.Evaluate(context.Background()); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(o.Height*o.Width), "ns/pixel")
			})
		}
	}
}
