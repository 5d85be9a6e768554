//go:build !unix

package runtime

// preempts is not known here: threads spin.
func preempts() int { return 0 }
