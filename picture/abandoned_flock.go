//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package picture

import (
	"os"
	"syscall"
)

// holdFile holds a file until the result is closed, however the process ends. It
// is nil where the file system has no locks. lost says that another process took
// the file for abandoned between its making and now.
func holdFile(path string) (hold *os.File, lost bool) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, os.IsNotExist(err)
	}
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case err == syscall.EWOULDBLOCK:
		_ = f.Close()
		return nil, true
	case err != nil:
		_ = f.Close()
		return nil, false
	case !isAt(f, path):
		_ = f.Close()
		return nil, true
	}
	return f, false
}

// isAt reports whether path still names the open file.
func isAt(f *os.File, path string) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(mine, there)
}

// removeIfAbandoned removes a file that nobody holds, while it holds it itself.
func removeIfAbandoned(path string) {
	hold, _ := holdFile(path)
	if hold == nil {
		return
	}
	_ = os.Remove(path)
	_ = hold.Close()
}
