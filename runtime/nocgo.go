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

// MatchFeatures returns [ErrNoCgo].
func (*Network) MatchFeatures(context.Context, Image, []int) ([][]float32, error) {
	return nil, ErrNoCgo
}

// Prepare returns [ErrNoCgo].
func (*Network) Prepare(Objective, []float32, []float32) (Evaluator, error) { return nil, ErrNoCgo }
