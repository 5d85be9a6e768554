package machine

import (
	"fmt"
	"math"
)

// FreeMemory is how many bytes can be used without anything being swapped out or the
// process being killed, as far as the system below root tells; else
// [math.MaxInt64].
func FreeMemory(root string) int64 {
	free := systemMemory(root)
	for _, g := range groups(root, "memory") {
		free = min(free, g.freeMemory())
	}
	return free
}

// systemMemory is what Linux says that is available.
func systemMemory(root string) int64 {
	for _, line := range lines(root, "proc/meminfo") {
		var kibibytes int64
		if n, _ := fmt.Sscanf(line, "MemAvailable: %d kB", &kibibytes); n == 1 {
			return kibibytes << 10
		}
	}
	return math.MaxInt64
}

// freeMemory is what the limits of a group leave. Files in memory that can be read again
// count as free, as in MemAvailable.
func (g group) freeMemory() int64 {
	limits, used, cached := []string{"memory.limit_in_bytes"}, "memory.usage_in_bytes",
		[]string{"total_inactive_file", "total_active_file"}
	if g.unified {
		limits, used, cached = []string{"memory.max", "memory.high"}, "memory.current",
			[]string{"inactive_file", "active_file", "slab_reclaimable"}
	}
	limit := int64(math.MaxInt64)
	for _, file := range limits {
		if n, ok := g.number(file); ok {
			limit = min(limit, n)
		}
	}
	held, ok := g.number(used)
	if limit == math.MaxInt64 || !ok {
		return limit
	}
	stat := g.values("memory.stat")
	for _, name := range cached {
		held -= stat[name]
	}
	return max(0, limit-max(0, held))
}
