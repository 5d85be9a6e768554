//go:build cgo

package runtime

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"zellige/internal/shorttest"
)

// The same picture twice: not a bit may depend on the number of threads. ONNX
// Runtime may add up differently where a thread gets few columns of a matrix, as 16
// threads do in the deep layers of these pictures, or a single row, as of 64 threads
// some do in the shallow layers.
func TestThreadsDoNotChangeTheResult(t *testing.T) {
	shorttest.Skip(t)
	eachGraph(t, func(t *testing.T, open func(threads int) *Network) {
		same := func(_ *Network, o Objective) Objective { return o }
		objectives := []struct {
			name   string
			terms  terms
			change func(*Network, Objective) Objective
		}{
			{"reference", reference, same},
			{"all", everything(), same},
			{"style.0", terms{style: map[int]float32{0: 1}}, same},
			{"content.0", terms{content: map[int]float32{0: 1}}, same},
			{"regions", reference, func(n *Network, o Objective) Objective { return regions(n, o, 1) }},
			{"pieces", reference, func(n *Network, o Objective) Objective {
				o.Piece = max(least(n.Info(), o), o.Height*o.Width*3/4)
				return o
			}},
			{"lean", reference, func(n *Network, o Objective) Objective {
				o.Lean = true
				o.Piece = max(least(n.Info(), o), o.Height*o.Width*3/4)
				return o
			}},
		}
		sizes := []struct {
			height, width int
			cases         string // all if empty
		}{{17, 17, ""}, {65, 97, ""}, {31, 700, "all"}, {192, 288, "all"}}
		for _, size := range sizes {
			image, target := noise(1, size.height, size.width), noise(2, size.height, size.width)
			for _, test := range objectives {
				if size.cases != "" && size.cases != test.name {
					continue
				}
				t.Run(fmt.Sprintf("size=%dx%d/case=%s", size.height, size.width, test.name), func(t *testing.T) {
					evaluate := func(threads int) (o Objective, losses, gradient []float32) {
						n := open(threads)
						o = test.change(n, test.terms.objective(t, n, size.height, size.width, target))
						losses, gradient = prepareObjective(t, n, o, image).evaluate(t)
						return o, losses, gradient
					}
					wantTargets, wantLosses, wantGradient := evaluate(1)
					for _, threads := range []int{3, 16, 64} {
						targets, losses, gradient := evaluate(threads)
						if !reflect.DeepEqual(targets, wantTargets) {
							t.Errorf("threads=%d: other features or Gram matrices than with one thread", threads)
						}
						if !slices.Equal(losses, wantLosses) {
							t.Errorf("threads=%d: losses %v, with one thread %v", threads, losses, wantLosses)
						}
						if !slices.Equal(gradient, wantGradient) {
							t.Errorf("threads=%d: another gradient than with one thread", threads)
						}
					}
				})
			}
		}
	})
}

func TestExtractConcurrently(t *testing.T) {
	n := open(t, 1)
	extract := func(seed uint64) []float32 {
		e, err := n.Extract(context.Background(), noise(seed, 50, 60), []int{4}, []GramTerm{{7, 1}})
		if err != nil {
			t.Error(err)
			return nil
		}
		return slices.Concat(e.Features[0], e.Grams[0])
	}
	var want [6][]float32
	for i := range want {
		want[i] = extract(uint64(i))
	}
	var group sync.WaitGroup
	for i := range want {
		group.Go(func() {
			for range 3 {
				if !slices.Equal(extract(uint64(i)), want[i]) {
					t.Errorf("picture %d: another result beside others", i)
				}
			}
		})
	}
	group.Wait()
}

func TestStepsInParallel(t *testing.T) {
	n := open(t, 2)
	var group sync.WaitGroup
	for i := range 3 {
		s := prepare(t, n, reference, noise(uint64(i), 60, 70+i), noise(9, 60, 70+i))
		wantLosses, wantGradient := s.evaluate(t)
		group.Go(func() {
			for range 5 {
				l, err := s.Evaluate(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				if !slices.Equal(slices.Concat(l.Content, l.Style), wantLosses) || !slices.Equal(s.gradient, wantGradient) {
					t.Errorf("evaluator %d: another result beside others", i)
				}
			}
		})
	}
	group.Wait()
}

// Threads that no longer spin, since other programs want the processors, compute the
// same; so do those that spin again.
func TestACrowdDoesNotChangeTheResult(t *testing.T) {
	image := noise(1, 60, 70)
	e := prepare(t, open(t, 2), reference, image, noise(2, 60, 70))
	losses, gradient := e.evaluate(t)
	s := e.evaluation.(*session)
	for _, here := range []bool{true, false} {
		clear(e.gradient)
		crowdIs(t, here)
		if err := s.reload(); err != nil {
			t.Fatal(err)
		}
		if l, g := e.evaluate(t); !slices.Equal(l, losses) || !slices.Equal(g, gradient) {
			t.Errorf("others are here: %v: another result", here)
		}
	}
}

// Close returns only when the last call has left the library.
func TestCloseWaits(t *testing.T) {
	n := open(t, 1)
	if err := n.enter(); err != nil { // as Extract and Prepare begin
		t.Fatal(err)
	}
	closed := make(chan error)
	go func() { closed <- n.Close() }()
	select {
	case err := <-closed:
		t.Fatalf("closed under a call that is under way: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	n.busy.Done() // as they end
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// Everything at once while the network is closed: results or errClosed, no crash.
func TestCloseDuringExtract(t *testing.T) {
	n := open(t, 1)
	image := noise(1, 60, 60)
	o := reference.objective(t, n, 60, 60, image)
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for {
				if _, err := n.Extract(context.Background(), image, []int{3}, nil); err != nil {
					return
				}
			}
		})
		group.Go(func() {
			for {
				s, err := n.Prepare(o, image.Pixels, nil)
				if err != nil {
					return
				}
				_, _ = s.Evaluate(context.Background())
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	expectClosed(t, n)
	group.Wait()
}
