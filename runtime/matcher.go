//go:build cgo

package runtime

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"zellige/internal/parallel"
)

// matchingContract is what the graph of nearest vectors says it is, see
// models/README.md.
const matchingContract = "matching 2"

// Matcher finds the nearest of many vectors in ONNX Runtime. Its results have the same
// bits for every number of threads. It may be used by several goroutines, of which one
// works at a time.
type Matcher struct {
	graph   *Graph
	threads int

	mutex   sync.Mutex
	closed  bool
	opened  bool // the stages, by the first call: who matches nothing does not wait for them
	unit    stage
	project stage
	nearest stage

	// Blocks of columns at hand, kept from call to call.
	left, right buffer // what is read: queries and candidates, or vectors and what they meet
	written     buffer
}

var errMatcherClosed = errors.New("the matcher is closed")

// OpenMatcher loads the ONNX Runtime library and opens the graph of c.Model, which is
// models.Matching. The caller must Close the matcher. The errors are those of [Open].
func OpenMatcher(c Config) (*Matcher, error) {
	graph, err := ParseGraph(c.Model)
	if err != nil {
		return nil, err
	}
	if v := graph.metadata["zellige.contract"]; v != matchingContract {
		return nil, fmt.Errorf("it is no graph of nearest vectors: metadata zellige.contract is %q, want %q; make it with scripts/export_matching.py", v, matchingContract)
	}
	if err := graph.check(); err != nil {
		return nil, err
	}
	path, err := FindLibrary(c.Library)
	if err != nil {
		return nil, err
	}
	if _, err := acquire(path); err != nil {
		return nil, err
	}
	return &Matcher{graph: graph, threads: c.threads()}, nil
}

func (m *Matcher) open() error {
	return errors.Join(
		m.unit.open(m.graph, m.threads, []string{"features", "mean"}, []string{"unit"}),
		m.project.open(m.graph, m.threads, []string{"vectors", "projection"}, []string{"projected"}),
		m.nearest.open(m.graph, m.threads, []string{"queries", "candidates"}, []string{"halves"}),
	)
}

// Close gives the matcher's memory back and, with the last user of the process, the
// library. It waits for what is under way and is idempotent; other calls return an
// error afterwards.
func (m *Matcher) Close() error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	err := errors.Join(m.unit.close(), m.project.close(), m.nearest.close(),
		m.left.close(), m.right.close(), m.written.close())
	giveBack()
	return errors.Join(err, release())
}

// enter begins a call; the mutex's Unlock ends it.
func (m *Matcher) enter() error {
	m.mutex.Lock()
	if m.closed {
		m.mutex.Unlock()
		return errMatcherClosed
	}
	if m.opened {
		return nil
	}
	if err := m.open(); err != nil {
		m.mutex.Unlock()
		return errors.Join(err, m.Close())
	}
	m.opened = true
	return nil
}

// Unit writes every column of features, minus mean, [Channels], divided by its length,
// to unit, [Channels][Positions], which may be features.Values itself. A column that is
// the mean stays 0. The error says what does not fit; if ctx is done it is the context's.
func (m *Matcher) Unit(ctx context.Context, features Matrix, mean, unit []float32) error {
	if err := errors.Join(features.check("features"), checkLength("the mean", mean, features.Channels),
		checkLength("the units", unit, len(features.Values))); err != nil {
		return err
	}
	return m.columnwise(ctx, &m.unit, features, Matrix{features.Channels, 1, mean}, Matrix{features.Channels, features.Positions, unit})
}

// Project writes projection^T vectors to projected, [P][n]: the vectors [C][n] with
// fewer channels, by a projection [C][P]. Errors as with [Matcher.Unit].
func (m *Matcher) Project(ctx context.Context, projection, vectors Matrix, projected []float32) error {
	if err := errors.Join(projection.check("projections"), vectors.check("vectors"),
		checkLength("the projected vectors", projected, projection.Positions*vectors.Positions)); err != nil {
		return err
	}
	if projection.Channels != vectors.Channels {
		return fmt.Errorf("a projection of %d channels does not fit vectors of %d", projection.Channels, vectors.Channels)
	}
	return m.columnwise(ctx, &m.project, vectors, projection, Matrix{projection.Positions, vectors.Positions, projected})
}

// columnwise computes each column of out from one of in and from all of with.
func (m *Matcher) columnwise(ctx context.Context, s *stage, in, with, out Matrix) error {
	if err := m.enter(); err != nil {
		return err
	}
	defer m.mutex.Unlock()
	if err := loadColumns(&m.right, with, 0, with.Positions); err != nil {
		return err
	}
	for first := 0; first < in.Positions; first += candidateBlock {
		end := min(first+candidateBlock, in.Positions)
		if err := errors.Join(loadColumns(&m.left, in, first, end), m.written.fit(out.Channels, end-first)); err != nil {
			return err
		}
		if err := s.run(ctx, values(&m.left, &m.right), values(&m.written)); err != nil {
			return nearestError(err)
		}
		out.setColumns(m.written.values, first, end)
	}
	return nil
}

// Nearest writes to index, for each query, which candidate has the largest dot product
// with it, the first of equals, and this product to score. Both have as many values as
// there are queries. Memory is bounded, see [MatcherMemory]. The error says what does not
// fit or which query has a product that is NaN; if ctx is done it is the context's, and
// index and score hold nothing of use.
func (m *Matcher) Nearest(ctx context.Context, queries, candidates Matrix, index []int32, score []float32) error {
	if err := checkNearest(queries, candidates, index, score); err != nil {
		return err
	}
	if err := m.enter(); err != nil {
		return err
	}
	defer m.mutex.Unlock()
	for q := range index {
		index[q], score[q] = 0, float32(math.Inf(-1))
	}
	for first := 0; first < candidates.Positions; first += candidateBlock {
		if err := loadColumns(&m.right, candidates, first, min(first+candidateBlock, candidates.Positions)); err != nil {
			return err
		}
		if err := m.among(ctx, queries, first, index, score); err != nil {
			return err
		}
	}
	for q := range score {
		score[q] *= 2
	}
	return nil
}

func checkNearest(queries, candidates Matrix, index []int32, score []float32) error {
	if err := errors.Join(queries.check("queries"), candidates.check("candidates"),
		checkLength("the index", index, queries.Positions), checkLength("the score", score, queries.Positions)); err != nil {
		return err
	}
	if queries.Channels != candidates.Channels {
		return fmt.Errorf("queries of %d channels do not fit candidates of %d", queries.Channels, candidates.Channels)
	}
	if candidates.Positions > math.MaxInt32 {
		return fmt.Errorf("there are %d candidates, at most %d can be told apart", candidates.Positions, math.MaxInt32)
	}
	return nil
}

// among looks for each query among the block of candidates at hand, which begins at
// first, and keeps what is better than what earlier blocks had. Its scores are halves.
func (m *Matcher) among(ctx context.Context, queries Matrix, first int, index []int32, score []float32) error {
	for q := 0; q < queries.Positions; q += queryBlock {
		end := min(q+queryBlock, queries.Positions)
		if err := errors.Join(loadColumns(&m.left, queries, q, end), m.written.fit(end-q, m.right.columns)); err != nil {
			return err
		}
		if err := m.nearest.run(ctx, values(&m.left, &m.right), values(&m.written)); err != nil {
			return nearestError(err)
		}
		m.keepBetter(first, index[q:end], score[q:end])
		if nan := slices.IndexFunc(score[q:end], isNaN); nan >= 0 {
			return fmt.Errorf("a product of query %d is NaN: queries and candidates must not be NaN or infinite", q+nan)
		}
	}
	return nil
}

// keepBetter keeps the first of the largest products at hand, if it is larger than the
// score, or a NaN.
func (m *Matcher) keepBetter(first int, index []int32, score []float32) {
	parallel.New(len(index), func(low, high int) {
		for q := low; q < high; q++ {
			products := m.written.values[q*m.written.columns:][:m.written.columns]
			if at := firstLargest(products, score[q]); at >= 0 {
				index[q], score[q] = int32(first+at), products[at]
			}
		}
	}).Run()
}

func isNaN(v float32) bool { return v != v }

func nearestError(err error) error { return fmt.Errorf("find the nearest vectors: %w", err) }

func checkLength[T any](what string, values []T, want int) error {
	if len(values) != want {
		return fmt.Errorf("%s must have %d values, has %d", what, want, len(values))
	}
	return nil
}
