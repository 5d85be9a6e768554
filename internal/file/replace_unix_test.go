//go:build unix

package file

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A log may go to a pipe or a device, which must not be renamed over.
func TestReplacePipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	received := make(chan string)
	go func() {
		content, _ := os.ReadFile(path)
		received <- string(content)
	}()
	err := Replace(path, func(w io.Writer) error { _, err := io.WriteString(w, "line"); return err })
	if err != nil {
		t.Fatal(err)
	}
	if got := <-received; got != "line" {
		t.Errorf("the pipe gave %q", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Errorf("the pipe was replaced (%v)", err)
	}
}
