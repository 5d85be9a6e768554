//go:build cgo && linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestTooSmallLimits is about limits under which Go itself cannot begin, or ends at some
// moment.
func TestTooSmallLimits(t *testing.T) {
	for limit, want := range map[string]string{
		"-n 6":  "zellige: error: only 3 files can be opened, at least 12 are needed\nzellige: hint: raise the limit (ulimit -n 1024)\n",
		"-n 10": "zellige: error: only 7 files can be opened, at least 12 are needed\nzellige: hint: raise the limit (ulimit -n 1024)\n",
		"-s 64": "zellige: error: the stack is limited to 64 KiB, at least 256 KiB are needed\nzellige: hint: raise the limit (ulimit -s 8192)\n",
	} {
		c := exec.Command("sh", "-c", "ulimit "+limit+" && exec zellige layers")
		output, err := c.CombinedOutput()
		if c.ProcessState.ExitCode() != 1 || string(output) != want {
			t.Errorf("%s: %v, %s", limit, err, output)
		}
	}
	for _, limit := range []string{"-n 20", "-s 256"} {
		if output, err := exec.Command("sh", "-c", "ulimit "+limit+" && exec zellige layers").CombinedOutput(); err != nil {
			t.Errorf("%s: %v, %s", limit, err, output)
		}
	}
}

// TestTooFewThreads needs another user: root has no such limit.
func TestTooFewThreads(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("becoming another user needs root")
	}
	program, err := exec.LookPath("zellige")
	if err != nil {
		t.Fatal(err)
	}
	const nobody = 65534
	for path := filepath.Dir(program); path != "/"; path = filepath.Dir(path) {
		if info, err := os.Stat(path); err != nil || info.Mode()&0o001 == 0 {
			t.Skipf("another user cannot reach the program: %s, %v", path, err)
		}
	}
	c := exec.Command("bash", "-c", "ulimit -u 4 && exec "+program+" layers")
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	c.Dir = "/"
	output, err := c.CombinedOutput()
	if c.ProcessState.ExitCode() != 1 || !strings.HasPrefix(string(output), "zellige: error: only ") || strings.Count(string(output), "\n") != 2 ||
		!strings.Contains(string(output), "threads can be begun (Resource temporarily unavailable), at least 12 are needed") {
		t.Errorf("%v, %s", err, output)
	}
}
