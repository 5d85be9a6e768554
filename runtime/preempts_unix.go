//go:build unix

package runtime

import "syscall"

// preempts is how often a processor was taken away from this process so far.
func preempts() int {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return int(u.Nivcsw)
}
