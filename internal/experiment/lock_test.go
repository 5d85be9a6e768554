package experiment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"syscall"
	"testing"
)

// TestLockIsOpenForWriting: NFS locks no file that is open for reading alone.
func TestLockIsOpenForWriting(t *testing.T) {
	if goruntime.GOOS != "linux" {
		t.Skip("only Linux tells how a file is open")
	}
	folder := t.TempDir()
	l, err := tryLock(folder)
	if err != nil || l == nil {
		t.Fatal(l, err)
	}
	if got := accessOf(t, filepath.Join(folder, lockFile)); got != os.O_RDWR {
		t.Errorf("the lock is open with %d, want %d", got, os.O_RDWR)
	}
	if err := l.release(); err != nil {
		t.Error(err)
	}
}

// accessOf is how this process has a file open.
func accessOf(t *testing.T, path string) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if target, _ := os.Readlink("/proc/self/fd/" + e.Name()); target != path {
			continue
		}
		for line := range strings.Lines(string(read(t, "/proc/self/fdinfo", e.Name()))) {
			var flags int
			if n, _ := fmt.Sscanf(line, "flags: %o", &flags); n == 1 {
				return flags & (os.O_RDONLY | os.O_WRONLY | os.O_RDWR)
			}
		}
	}
	t.Fatalf("%s is not open", path)
	return 0
}

func TestLockErrorsSayWhatToDo(t *testing.T) {
	for _, reason := range []error{syscall.ENOLCK, syscall.ENOSYS, syscall.EOPNOTSUPP, syscall.EIO} {
		err := lockError("out/tv", reason)
		if !errors.Is(err, reason) || !strings.Contains(err.Error(), `lock "out/tv": `) || !strings.Contains(err.Error(), "(Request.Shard), which needs no locks") {
			t.Errorf("%v: %v", reason, err)
		}
	}
	if err := lockError("out/tv", syscall.EACCES); strings.Contains(err.Error(), "elsewhere") {
		t.Errorf("no permission: %v", err)
	}
}

// TestRunsThatAnotherProcessPaints are left to it, or looked at again in the end.
func TestRunsThatAnotherProcessPaints(t *testing.T) {
	for _, leave := range []bool{true, false} {
		path, out := folder(t, smallFile), t.TempDir()
		if err := makeFolder(filepath.Join(out, "reference")); err != nil {
			t.Fatal(err)
		}
		other, err := tryLock(filepath.Join(out, "reference"))
		if err != nil || other == nil {
			t.Fatal(other, err)
		}
		seen := &events{}
		err = plan(t, path, out, Request{}).Run(context.Background(), fakeModel{}, Runner{Leave: leave, Tell: func(e Event) {
			if seen.add(e); e.Kind != Waiting {
				return
			}
			if err := other.release(); err != nil { // it died
				t.Error(err)
			}
		}})
		left, waited := 1, 0
		if !leave {
			left, waited = 0, 1
		}
		if err != nil || seen.count(Left) != left || seen.count(Postponed) != waited || seen.count(Waiting) != waited || seen.count(Finished) != 2+waited {
			t.Errorf("leave %t: %v, %v", leave, err, seen.list)
		}
	}
}
