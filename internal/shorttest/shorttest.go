// Package shorttest leaves tests out of a short run that take long and compare numbers,
// so that the race detector, which makes them several times as long, has its time for
// what runs at once.
package shorttest

import "testing"

// Skip ends a test under -short. make test runs it in full, and so does CI.
func Skip(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("compares numbers for long; make test runs it without -short")
	}
}
