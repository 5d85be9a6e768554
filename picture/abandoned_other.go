//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package picture

import (
	"os"
	"time"
)

// abandonedAfter is much longer than writing a file takes.
const abandonedAfter = 24 * time.Hour

// holdFile does nothing: there are no locks that let their owner write.
func holdFile(string) (hold *os.File, lost bool) { return nil, false }

// removeIfAbandoned goes by the file's age.
func removeIfAbandoned(path string) {
	if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > abandonedAfter {
		_ = os.Remove(path)
	}
}
