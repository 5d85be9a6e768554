//go:build linux || darwin

package experiment

import (
	"strconv"
	"syscall"
)

// fullDisk is how the system says that a file cannot grow.
const fullDisk = "file too large"

// limitFiles keeps all files that this process writes below a number of bytes.
func limitFiles(bytes string) error {
	if bytes == "" {
		return nil
	}
	n, err := strconv.ParseUint(bytes, 10, 64)
	if err != nil {
		return err
	}
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n})
}
