//go:build cgo

package runtime

import (
	"context"
	"errors"
	"math"
	goruntime "runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestStepWithoutGradient(t *testing.T) {
	n := open(t, 2)
	image, target := noise(1, 30, 40), noise(2, 30, 40)
	want, _ := prepare(t, n, reference, image, target).evaluate(t)
	s, err := n.Prepare(reference.objective(t, n, 30, 40, target), image.Pixels, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Evaluate(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "losses", slices.Concat(got.Content, got.Style), want, 1e-6)
	nodes := nodesOf(s.(*evaluator))
	if whole := prepare(t, n, reference, image, target); nodes >= whole.nodes() {
		t.Errorf("%d operators without the gradient, %d with it", nodes, whole.nodes())
	}
}

// A picture that is its own target has no loss and no gradient.
func TestStepAtItsTarget(t *testing.T) {
	image := noise(1, 33, 35)
	losses, gradient := prepare(t, open(t, 1), everything(), image, image).evaluate(t)
	scale, _ := prepare(t, open(t, 1), everything(), image, noise(2, 33, 35)).evaluate(t)
	compareScaled(t, "losses", losses, make([]float32, len(losses)), largest(scale), 1e-6)
	if n := norm(gradient); n > 1 {
		t.Errorf("the gradient's norm is %g", n)
	}
}

// The evaluator reads the pixels anew in every evaluation.
func TestStepReadsThePixels(t *testing.T) {
	n := open(t, 2)
	a, b, target := noise(1, 30, 40), noise(2, 30, 40), noise(3, 30, 40)
	wantLosses, wantGradient := prepare(t, n, reference, b, target).evaluate(t)
	s := prepare(t, n, reference, a, target)
	s.evaluate(t)
	copy(s.pixels, b.Pixels)
	losses, gradient := s.evaluate(t)
	if !slices.Equal(losses, wantLosses) || !slices.Equal(gradient, wantGradient) {
		t.Error("another result than an evaluator that was prepared with these pixels")
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	eachGraph(t, func(t *testing.T, open func(threads int) *Network) {
		s := prepare(t, open(1), reference, noise(1, 32, 32), noise(2, 32, 32))
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		evaluate := func() {
			if _, err := s.Evaluate(ctx); err != nil {
				t.Fatal(err)
			}
		}
		evaluate()
		if n := testing.AllocsPerRun(20, evaluate); n != 0 {
			t.Errorf("%g allocations per evaluation", n)
		}
	})
}

// ONNX Runtime holds plain pointers to Go's memory. If anything it was given were
// collected, it would read and write what came to live there.
func TestStepUnderGarbageCollection(t *testing.T) {
	n := open(t, 2)
	s := prepare(t, n, everything(), noise(1, 40, 52), noise(2, 40, 52)) // the targets live in the evaluator alone
	wantLosses, wantGradient := s.evaluate(t)
	var keep [][]float32
	for round := range 20 {
		goruntime.GC()
		for size := 1; size < 1<<18; size *= 2 {
			garbage := make([]float32, size)
			for i := range garbage {
				garbage[i] = float32(math.NaN())
			}
			keep = append(keep, garbage)
		}
		losses, gradient := s.evaluate(t)
		if !slices.Equal(losses, wantLosses) || !slices.Equal(gradient, wantGradient) {
			t.Fatalf("round %d: another result", round)
		}
		for _, garbage := range keep {
			if slices.ContainsFunc(garbage, func(v float32) bool { return v == v }) {
				t.Fatalf("round %d: somebody wrote into memory that is not theirs", round)
			}
		}
		keep = keep[:len(keep)/2]
	}
}

// Steps of several sizes in turn, as a run over scales makes them, give what each
// gives in a network of its own.
func TestStepsOfSeveralSizes(t *testing.T) {
	shared := open(t, 2)
	for _, size := range []int{32, 97, 20, 64, 33, 97} {
		image, target := noise(uint64(size), size, size+3), noise(1, size, size+3)
		losses, gradient := prepare(t, shared, reference, image, target).evaluate(t)
		wantLosses, wantGradient := prepare(t, open(t, 2), reference, image, target).evaluate(t)
		if !slices.Equal(losses, wantLosses) || !slices.Equal(gradient, wantGradient) {
			t.Errorf("size %d: another result", size)
		}
	}
}

// The graph cut to a shallow layer holds nothing of deeper ones.
func TestShallowStepsAreSmall(t *testing.T) {
	n := open(t, 1)
	image := noise(1, 32, 32)
	nodes := make([]int, 13)
	for l := range nodes {
		nodes[l] = prepare(t, n, terms{content: map[int]float32{l: 1}}, image, image).nodes()
	}
	if !slices.IsSorted(nodes) {
		t.Errorf("operators of a content loss by layer: %v, must not fall", nodes)
	}
	whole := len(n.graph.nodes)
	if nodes[12] >= whole || 4*nodes[1] > nodes[12] {
		t.Errorf("a loss at layer 1 takes %d operators, at layer 12 %d, the graph has %d", nodes[1], nodes[12], whole)
	}
	cut, err := n.graph.Cut([]string{"image", "content.3.target", "content.3.weight"}, []string{"content.3.loss", "gradient"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range namesOf(cut.initializers) {
		for _, deeper := range []string{"4.", "5.", "6.", "7.", "8.", "9.", "10.", "11.", "12."} {
			if strings.HasPrefix(name, deeper) {
				t.Errorf("a loss at layer 3 keeps the weights %s", name)
			}
		}
	}
}

// style.l.delta is inside the graph and declares no type, but may be fed.
func TestFeedingADelta(t *testing.T) {
	n := open(t, 2)
	image := noise(1, 33, 48)
	s := prepare(t, n, terms{style: map[int]float32{4: 2000}}, image, noise(2, 33, 48))
	_, want := s.evaluate(t)

	scale := gramScale(n.Info(), 4, 33, 48)
	e, err := n.Extract(context.Background(), image, nil, []GramTerm{{4, scale}})
	if err != nil {
		t.Fatal(err)
	}
	target, err := n.Extract(context.Background(), noise(2, 33, 48), nil, []GramTerm{{4, scale}})
	if err != nil {
		t.Fatal(err)
	}
	delta := make([]float32, len(e.Grams[0]))
	for i := range delta {
		delta[i] = 4 * 2000 * scale * (e.Grams[0][i] - target.Grams[0][i])
	}
	gradient := empty("gradient", 1, 3, 33, 48)
	in := []slot{imageSlot(image), tensor("style.4.delta", delta, n.Info().gramShape(4)...)}
	if err := n.once(context.Background(), in, []slot{gradient}); err != nil {
		t.Fatal(err)
	}
	compare(t, "gradient", gradient.data, want, 1e-5)
}

func TestCancelledBefore(t *testing.T) {
	s := prepare(t, open(t, 1), reference, noise(1, 32, 32), noise(2, 32, 32))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Evaluate(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if norm(s.gradient) != 0 {
		t.Error("the network was run")
	}
	if _, err := s.network.Extract(ctx, noise(1, 32, 32), []int{1}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("extract: error %v", err)
	}
}

// Cancelling in the middle of an evaluation ends it within a few operators, and
// the next evaluation is as good as ever.
func TestCancelledInside(t *testing.T) {
	s := prepare(t, open(t, 2), everything(), noise(1, 400, 500), noise(2, 400, 500))
	s.evaluate(t)
	begin := time.Now()
	wantLosses, wantGradient := s.evaluate(t)
	whole := time.Since(begin)

	best := time.Hour // of a few attempts: others use this machine too
	for range 5 {
		took, err := s.cancelAfter(whole / 4)
		if err == nil {
			continue // it was done before
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v", err)
		}
		best = min(best, took)
	}
	if best > whole/2 {
		t.Errorf("cancelled after a quarter, it went on for %v of %v", best, whole)
	}
	losses, gradient := s.evaluate(t)
	if !slices.Equal(losses, wantLosses) || !slices.Equal(gradient, wantGradient) {
		t.Error("another result after it was cancelled")
	}
}

// cancelAfter cancels an evaluation and returns how long it went on.
func (p prepared) cancelAfter(wait time.Duration) (time.Duration, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cancelled := make(chan time.Time, 1)
	time.AfterFunc(wait, func() {
		cancelled <- time.Now()
		cancel()
	})
	_, err := p.Evaluate(ctx)
	return time.Since(<-cancelled), err
}

func TestDeadlineInside(t *testing.T) {
	s := prepare(t, open(t, 1), everything(), noise(1, 300, 400), noise(2, 300, 400))
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := s.Evaluate(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

// Close waits for the evaluation that is under way.
func TestCloseDuringEvaluate(t *testing.T) {
	for _, what := range []string{"evaluator", "network"} {
		t.Run(what, func(t *testing.T) {
			n := open(t, 2)
			s := prepare(t, n, reference, noise(1, 200, 300), noise(2, 200, 300))
			done := make(chan error)
			go func() {
				var err error
				for err == nil {
					_, err = s.Evaluate(context.Background())
				}
				done <- err
			}()
			time.Sleep(20 * time.Millisecond)
			if what == "evaluator" {
				expectClosed(t, s)
			} else {
				expectClosed(t, n)
			}
			if err := <-done; !errors.Is(err, errClosed) {
				t.Errorf("error %v", err)
			}
		})
	}
}
