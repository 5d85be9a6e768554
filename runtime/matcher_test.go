//go:build cgo

package runtime

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zellige/models"
)

func openMatcher(t testing.TB, threads int) *Matcher {
	t.Helper()
	m, err := OpenMatcher(Config{Model: models.Matching, Library: library(t), Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, m)
	return m
}

// vectors are random ones, eighths, so that their products are exact.
func vectors(seed uint64, channels, positions int) Matrix {
	random := rand.New(rand.NewPCG(seed, 3))
	m := Matrix{channels, positions, make([]float32, channels*positions)}
	for i := range m.Values {
		m.Values[i] = float32(random.IntN(33)-16) / 8
	}
	return m
}

// nearestOf is what Nearest finds.
func (m *Matcher) nearestOf(t testing.TB, queries, candidates Matrix) ([]int32, []float32) {
	t.Helper()
	index, score := make([]int32, queries.Positions), make([]float32, queries.Positions)
	if err := m.Nearest(context.Background(), queries, candidates, index, score); err != nil {
		t.Fatal(err)
	}
	return index, score
}

// bruteForce is the definition.
func bruteForce(queries, candidates Matrix) (index []int32, score []float32) {
	for q := range queries.Positions {
		best, at := math.Inf(-1), 0
		for n := range candidates.Positions {
			product := 0.0
			for c := range queries.Channels {
				product += float64(queries.Values[c*queries.Positions+q]) * float64(candidates.Values[c*candidates.Positions+n])
			}
			if product > best {
				best, at = product, n
			}
		}
		index, score = append(index, int32(at)), append(score, float32(best))
	}
	return index, score
}

// The golden numbers are numpy's, in float64 (see testdata/golden/README.md).
func TestGoldenNearest(t *testing.T) {
	g := golden{t: t, file: openGoldenFile(t, "matching")}
	m := openMatcher(t, 2)
	ctx := context.Background()
	read := func(name string, channels int) Matrix {
		values := array[float32](g, name)
		return Matrix{channels, len(values) / channels, values}
	}
	features, projection := read("features", 19), read("projection", 19)
	unit := Matrix{19, features.Positions, make([]float32, len(features.Values))}
	if err := m.Unit(ctx, features, array[float32](g, "mean"), unit.Values); err != nil {
		t.Fatal(err)
	}
	compare(t, "unit", unit.Values, array[float32](g, "unit"), 1e-6)
	projected := make([]float32, projection.Positions*features.Positions)
	if err := m.Project(ctx, projection, unit, projected); err != nil {
		t.Fatal(err)
	}
	compare(t, "projected", projected, array[float32](g, "projected"), 1e-6)
	for name, channels := range map[string]int{"natural": 19, "ties": 4} {
		index, score := m.nearestOf(t, read(name+".queries", channels), read(name+".candidates", channels))
		for q, want := range array[int64](g, name+".index") {
			if int64(index[q]) != want {
				t.Errorf("%s: query %d has %d, want %d", name, q, index[q], want)
			}
		}
		compare(t, name+".score", score, array[float32](g, name+".score"), 1e-6)
	}
}

// Sizes around those of blocks, exact products, and each candidate twice: the first of
// equals must win across blocks too.
func TestNearestInBlocks(t *testing.T) {
	matchers := []*Matcher{openMatcher(t, 1), openMatcher(t, 2), openMatcher(t, 3), openMatcher(t, 4)}
	for _, size := range []struct{ channels, queries, candidates int }{
		{5, 1, 1}, {3, queryBlock, candidateBlock}, {7, queryBlock + 1, candidateBlock + 1}, {9, 2*queryBlock - 1, 3*candidateBlock + 5},
	} {
		queries, half := vectors(1, size.channels, size.queries), vectors(2, size.channels, (size.candidates+1)/2)
		candidates := Matrix{size.channels, size.candidates, make([]float32, size.channels*size.candidates)}
		for c := range size.channels {
			row := half.Values[c*half.Positions : (c+1)*half.Positions]
			copy(candidates.Values[c*size.candidates:(c+1)*size.candidates], slices.Concat(row, row))
		}
		wantIndex, wantScore := bruteForce(queries, candidates)
		for _, m := range matchers {
			if index, score := m.nearestOf(t, queries, candidates); !slices.Equal(index, wantIndex) || !slices.Equal(score, wantScore) {
				t.Errorf("%+v: another result than brute force", size)
			}
		}
	}
}

// Products that float32 rounds have the same bits for every number of threads.
func TestMatcherDoesNotDependOnThreads(t *testing.T) {
	features := vectors(1, 300, 2500)
	for i := range features.Values {
		features.Values[i] = float32(math.Exp(float64(features.Values[i])))
	}
	mean, projection := features.Values[:300], vectors(2, 300, 40)
	results := func(threads int) (unit, projected []float32, index []int32, score []float32) {
		m, ctx := openMatcher(t, threads), context.Background()
		unit, projected = make([]float32, len(features.Values)), make([]float32, 40*2500)
		if err := m.Unit(ctx, features, mean, unit); err != nil {
			t.Fatal(err)
		}
		if err := m.Project(ctx, projection, Matrix{300, 2500, unit}, projected); err != nil {
			t.Fatal(err)
		}
		index, score = m.nearestOf(t, vectors(3, 40, 700), Matrix{40, 2500, projected})
		return unit, projected, index, score
	}
	wantUnit, wantProjected, wantIndex, wantScore := results(1)
	for _, threads := range []int{2, 3, 4} {
		unit, projected, index, score := results(threads)
		if !slices.Equal(unit, wantUnit) || !slices.Equal(projected, wantProjected) || !slices.Equal(index, wantIndex) || !slices.Equal(score, wantScore) {
			t.Errorf("threads=%d: another result than with one thread", threads)
		}
	}
}

// Threads that no longer spin, or spin again, find the same.
func TestMatcherInACrowd(t *testing.T) {
	m := openMatcher(t, 2)
	queries, candidates := vectors(1, 20, 30), vectors(2, 20, 500)
	wantIndex, wantScore := m.nearestOf(t, queries, candidates)
	for _, here := range []bool{true, false} {
		crowdIs(t, here)
		m.nearestOf(t, queries, candidates)
		if m.nearest.maySpin() && m.nearest.spin == here {
			t.Fatalf("others are here: %v makes no difference", here)
		}
		if index, score := m.nearestOf(t, queries, candidates); !slices.Equal(index, wantIndex) || !slices.Equal(score, wantScore) {
			t.Errorf("others are here: %v: other results", here)
		}
	}
}

func TestUnitInPlace(t *testing.T) {
	m := openMatcher(t, 2)
	features := vectors(1, 6, candidateBlock+300)
	want := make([]float32, len(features.Values))
	if err := m.Unit(context.Background(), features, make([]float32, 6), want); err != nil {
		t.Fatal(err)
	}
	if err := m.Unit(context.Background(), features, make([]float32, 6), features.Values); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(features.Values, want) {
		t.Error("another result than beside the features")
	}
}

// A channel more, 1 in each query, forbids the candidates that have -infinity there.
func TestForbiddenCandidates(t *testing.T) {
	m := openMatcher(t, 2)
	queries, candidates := vectors(1, 5, 40), vectors(2, 5, 3000)
	for q := range queries.Positions {
		queries.Values[4*queries.Positions+q] = 1
	}
	bias := candidates.Values[4*candidates.Positions:]
	for n := range bias {
		bias[n] = 0
		if n%7 != 0 {
			bias[n] = float32(math.Inf(-1))
		}
	}
	index, score := m.nearestOf(t, queries, candidates)
	for q, n := range index {
		if n%7 != 0 || math.IsInf(float64(score[q]), 0) {
			t.Errorf("query %d has candidate %d, score %g", q, n, score[q])
		}
	}
}

func TestMatcherErrors(t *testing.T) {
	m := openMatcher(t, 1)
	ctx := context.Background()
	queries, candidates := vectors(1, 6, 9), vectors(2, 6, 5)
	index, score := make([]int32, 9), make([]float32, 9)
	spoiled := vectors(1, 6, 9)
	spoiled.Values[3] = float32(math.NaN())
	many := vectors(2, 6, 2*candidateBlock)
	many.Values[7] = float32(math.NaN()) // in the first of two blocks
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"queries", m.Nearest(ctx, Matrix{6, 9, nil}, candidates, index, score), "queries have 0 values, must have 6 channels of 9 positions each"},
		{"no candidates", m.Nearest(ctx, queries, Matrix{Channels: 6}, index, score), "candidates have 0 values"},
		{"channels", m.Nearest(ctx, queries, vectors(2, 5, 5), index, score), "queries of 6 channels do not fit candidates of 5"},
		{"index", m.Nearest(ctx, queries, candidates, index[1:], score), "the index must have 9 values, has 8"},
		{"score", m.Nearest(ctx, queries, candidates, index, score[1:]), "the score must have 9 values, has 8"},
		{"NaN", m.Nearest(ctx, spoiled, candidates, index, score), "a product of query 3 is NaN"},
		{"NaN of a candidate", m.Nearest(ctx, queries, many, index, score), "a product of query 0 is NaN"},
		{"mean", m.Unit(ctx, queries, score, make([]float32, 54)), "the mean must have 6 values, has 9"},
		{"unit", m.Unit(ctx, queries, score[:6], score), "the units must have 54 values, has 9"},
		{"projection", m.Project(ctx, vectors(1, 5, 2), queries, make([]float32, 18)), "a projection of 5 channels does not fit vectors of 6"},
		{"projected", m.Project(ctx, vectors(1, 6, 2), queries, score), "the projected vectors must have 18 values, has 9"},
	}
	for _, test := range tests {
		if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, test.err, test.want)
		}
	}
	m.nearestOf(t, queries, candidates) // works as ever
}

func TestOpenMatcherErrors(t *testing.T) {
	spoiled := slices.Clone(models.Matching)
	spoiled[len(spoiled)/2]++
	for name, test := range map[string]struct {
		model []byte
		want  string
	}{
		"another graph": {models.SqueezeNet, `zellige.contract is "1", want "matching 2"; make it with scripts/export_matching.py`},
		"empty":         {nil, "the file is empty"},
		"a wrong byte":  {spoiled, ""},
	} {
		m, err := OpenMatcher(Config{Model: test.model, Library: library(t)})
		if err == nil || !strings.Contains(err.Error(), test.want) || m != nil {
			t.Errorf("%s: %v, error %v, want %q", name, m, err, test.want)
		}
	}
}

func TestNearestCancelled(t *testing.T) {
	m := openMatcher(t, 2)
	queries, candidates := vectors(1, 64, 20000), vectors(2, 64, 60000)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	index, score := make([]int32, queries.Positions), make([]float32, queries.Positions)
	if err := m.Nearest(ctx, queries, candidates, index, score); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	few, some := vectors(3, 6, 70), vectors(4, 6, 500)
	want, _ := bruteForce(few, some)
	if got, _ := m.nearestOf(t, few, some); !slices.Equal(got, want) {
		t.Error("another result after it was cancelled")
	}
}

func TestMatcherClosed(t *testing.T) {
	m := openMatcher(t, 1)
	n := open(t, 1)
	expectClosed(t, m, m)
	if err := m.Nearest(context.Background(), vectors(1, 2, 3), vectors(2, 2, 3), make([]int32, 3), make([]float32, 3)); !errors.Is(err, errMatcherClosed) {
		t.Errorf("error %v", err)
	}
	if _, err := n.Extract(context.Background(), noise(1, 20, 20), []int{1}, nil); err != nil {
		t.Errorf("the network beside it: %v", err)
	}
}

func TestMatcherOfSeveralGoroutines(t *testing.T) {
	m := openMatcher(t, 2)
	var group sync.WaitGroup
	for seed := range uint64(4) {
		group.Go(func() {
			queries, candidates := vectors(seed, 4+int(seed), 300), vectors(9, 4+int(seed), 400)
			want, _ := bruteForce(queries, candidates)
			for range 5 {
				if got, _ := m.nearestOf(t, queries, candidates); !slices.Equal(got, want) {
					t.Errorf("goroutine %d: another result", seed)
				}
			}
		})
	}
	group.Wait()
}

// What is allocated does not grow with the vectors but for a little for each block.
func TestNearestAllocatesLittle(t *testing.T) {
	m := openMatcher(t, 1)
	queries, candidates := vectors(1, 8, 8*queryBlock), vectors(2, 8, 4*candidateBlock)
	index, score := make([]int32, queries.Positions), make([]float32, queries.Positions)
	find := func() {
		if err := m.Nearest(context.Background(), queries, candidates, index, score); err != nil {
			t.Fatal(err)
		}
	}
	find()
	if n := testing.AllocsPerRun(3, find); n > 12*8*4 {
		t.Errorf("%g allocations of %d pairs of blocks", n, 8*4)
	}
}

func TestMatcherMemory(t *testing.T) {
	if small, large := MatcherMemory(64, 10, 20), MatcherMemory(64, 1<<20, 1<<14); small >= large || large != MatcherMemory(64, 1<<24, 1<<20) {
		t.Errorf("%d bytes for few vectors, %d for many", small, large)
	}
	if got, want := MatcherMemory(3, 10, 20), int64(4*(3*30+200)); got != want {
		t.Errorf("%d bytes, want %d", got, want)
	}
}

// BenchmarkNearest looks among 16384 candidates.
func BenchmarkNearest(b *testing.B) {
	m := openMatcher(b, 0)
	for _, channels := range []int{64, 128, 256, 576} {
		b.Run(fmt.Sprintf("channels=%d", channels), func(b *testing.B) {
			queries, candidates := vectors(1, channels, 4096), vectors(2, channels, 16384)
			index, score := make([]int32, 4096), make([]float32, 4096)
			b.ReportAllocs()
			for b.Loop() {
				if err := m.Nearest(context.Background(), queries, candidates, index, score); err != nil {
					b.Fatal(err)
				}
			}
			products := float64(channels) * 4096 * 16384 * float64(b.N)
			b.ReportMetric(2*products/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}
