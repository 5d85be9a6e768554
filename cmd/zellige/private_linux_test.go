package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"zellige/runtime"
)

// paintPrivately paints the demo's picture, small, in a home and a folder of
// temporary files of its own, and returns what the process left there and said.
func paintPrivately(t *testing.T, attributes *syscall.SysProcAttr, env ...string) (left []string, stderr string, err error) {
	t.Helper()
	library := foundLibrary(t)
	home, dir := t.TempDir(), t.TempDir()
	if err := writeTestFiles(dir); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("zellige", "transfer", "--preset", "lab", "--content", "content.png", "--style", "style.png", "--output", "out/a.png",
		"--image-size", "16", "--style-size", "16", "--iterations", "3", "--quiet")
	c.Dir, c.SysProcAttr = dir, attributes
	// ONNX Runtime sends nothing from machines of continuous integration; this is none.
	c.Env = append([]string{"HOME=" + home, "TMPDIR=" + home, "PATH=" + os.Getenv("PATH"), runtime.LibraryVariable + "=" + library}, env...)
	var output bytes.Buffer
	c.Stderr = &output
	err = c.Run()
	walkErr := filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if path != home {
			left = append(left, path)
		}
		return err
	})
	if walkErr != nil {
		t.Fatal(walkErr)
	}
	return left, output.String(), err
}

// TestNothingIsRecorded: ONNX Runtime's telemetry keeps an identifier of the machine
// and what it would send in the user's folders; with it off there is neither.
func TestNothingIsRecorded(t *testing.T) {
	for _, env := range []string{"", "ORT_DISABLE_TELEMETRY=0"} {
		left, stderr, err := paintPrivately(t, nil, env)
		if err != nil || stderr != "" || len(left) > 0 {
			t.Errorf("with %q: left %q behind: %v %s", env, left, err, stderr)
		}
	}
}

// TestWithoutNetwork paints in a network namespace that has not even a loopback
// device that is up.
func TestWithoutNetwork(t *testing.T) {
	const namespaces = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET
	id := []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	attributes := &syscall.SysProcAttr{Cloneflags: namespaces, UidMappings: id}
	probe := exec.Command("true")
	probe.SysProcAttr = attributes
	if err := probe.Run(); err != nil {
		t.Skipf("this system does not let us unshare the network: %v", err)
	}
	if _, stderr, err := paintPrivately(t, attributes); err != nil || stderr != "" {
		t.Errorf("%v: %s", err, stderr)
	}
}
