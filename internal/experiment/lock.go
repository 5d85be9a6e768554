package experiment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"zellige/internal/file"
)

const (
	lockFile  = ".lock"
	lockRetry = 200 * time.Millisecond
)

// lock is a run's folder held by this process. The system lets go of it when the
// process dies, however it dies.
type lock struct{ file *flock.Flock }

// tryLock takes the folder; nil if another process works there. The file is opened for
// writing, without which NFS does not lock it.
func tryLock(folder string) (*lock, error) {
	path := filepath.Join(folder, lockFile)
	for {
		l := &lock{flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o666))}
		ok, err := l.file.TryLock()
		if err != nil {
			return nil, lockError(folder, file.Reason(err))
		}
		if !ok {
			return nil, l.file.Close()
		}
		if l.isCurrent() {
			return l, nil
		}
		// Its owner removed the file between our opening and locking it.
		if err := l.file.Close(); err != nil {
			return nil, err
		}
	}
}

// errNoLocks is also that of file systems which say something else.
var errNoLocks = errors.New("the file system there keeps no locks")

// lockError says what to do where the file system is the reason.
func lockError(folder string, reason error) error {
	for _, e := range []error{errors.ErrUnsupported, syscall.ENOLCK, syscall.EIO, syscall.EBADF, syscall.EINVAL} {
		if errors.Is(reason, e) {
			return fmt.Errorf("lock %q: %w, %w, without which two processes could paint the same run: "+
				"give each process its own part of the runs (Request.Shard), which needs no locks, choose a folder elsewhere, or mount it with locks (Lustre: -o flock)", folder, reason, errNoLocks)
		}
	}
	return fmt.Errorf("lock %q: %w", folder, reason)
}

// waitLock takes the folder as soon as no other process works there.
func waitLock(ctx context.Context, folder string) (*lock, error) {
	for {
		if l, err := tryLock(folder); l != nil || err != nil {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockRetry):
		}
	}
}

// isCurrent reports whether the locked file is still the one in the folder.
func (l *lock) isCurrent() bool {
	mine, err := l.file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(l.file.Path())
	return err == nil && os.SameFile(mine, there)
}

// release removes the file while it is still locked, so that nobody can have it
// open and believe that it holds the folder: see isCurrent.
func (l *lock) release() error {
	_ = os.Remove(l.file.Path()) // Windows keeps open files; then it stays
	return l.file.Close()
}
