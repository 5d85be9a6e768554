//go:build !cgo

package runtime

import "context"

// Network stands for the real one where cgo is missing; Open never returns one.
type Network struct{}

// Open returns [ErrNoCgo].
func Open(Config) (*Network, error) { return nil, ErrNoCgo }

// Info returns nil.
func (*Network) Info() *Info { return nil }

// Library returns nothing.
func (*Network) Library() (path, version string) { return "", "" }

// Threads returns 0.
func (*Network) Threads() int { return 0 }

// Close does nothing.
func (*Network) Close() error { return nil }

// Extract returns [ErrNoCgo].
func (*Network) Extract(context.Context, Image, []int, []GramTerm) (Extraction, error) {
	return Extraction{}, ErrNoCgo
}

// Features returns [ErrNoCgo].
func (*Network) Features(context.Context, Image, []int, [][]float32) error { return ErrNoCgo }

// MatchFeatures returns [ErrNoCgo].
func (*Network) MatchFeatures(context.Context, Image, []int) ([][]float32, error) {
	return nil, ErrNoCgo
}

// Prepare returns [ErrNoCgo].
func (*Network) Prepare(Objective, []float32, []float32) (Evaluator, error) { return nil, ErrNoCgo }

// Matcher stands for the real one where cgo is missing; OpenMatcher never returns one.
type Matcher struct{}

// OpenMatcher returns [ErrNoCgo].
func OpenMatcher(Config) (*Matcher, error) { return nil, ErrNoCgo }

// Unit returns [ErrNoCgo].
func (*Matcher) Unit(context.Context, Matrix, []float32, []float32) error { return ErrNoCgo }

// Project returns [ErrNoCgo].
func (*Matcher) Project(context.Context, Matrix, Matrix, []float32) error { return ErrNoCgo }

// Nearest returns [ErrNoCgo].
func (*Matcher) Nearest(context.Context, Matrix, Matrix, []int32, []float32) error { return ErrNoCgo }

// Close does nothing.
func (*Matcher) Close() error { return nil }
