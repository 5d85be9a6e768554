//go:build cgo

package runtime

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"

	"zellige/models"
)

func TestTwoNetworksAtOnce(t *testing.T) {
	a, b := open(t, 1), open(t, 2)
	image := noise(1, 20, 20)
	expectClosed(t, a)
	if _, err := b.Extract(context.Background(), image, []int{3}, nil); err != nil {
		t.Errorf("the second network after the first was closed: %v", err)
	}
}

// After the last network the library is unloaded; the next one loads it again.
func TestLibraryReload(t *testing.T) {
	image := noise(1, 20, 20)
	for round := range 3 {
		n, err := Open(Config{Model: models.SqueezeNet, Library: library(t)})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if _, err := n.Extract(context.Background(), image, []int{3}, nil); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		expectClosed(t, n)
		if loaded.users != 0 {
			t.Errorf("round %d: %d users of the library are left", round, loaded.users)
		}
	}
}

func TestOneLibraryAtATime(t *testing.T) {
	n := open(t, 1)
	path, _ := n.Library()
	link := filepath.Join(t.TempDir(), "link"+filepath.Ext(path))
	if err := os.Symlink(path, link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	same, err := Open(Config{Model: models.SqueezeNet, Library: link})
	if err != nil {
		t.Fatalf("the same library by another name: %v", err)
	}
	expectClosed(t, same)

	other := writeLibrary(t, t.TempDir(), libraryFile("1.32.0"))
	_, err = Open(Config{Model: models.SqueezeNet, Library: other})
	if err == nil || !strings.Contains(err.Error(), "uses the ONNX Runtime library "+path+" already and cannot use "+other) {
		t.Errorf("another library: %v", err)
	}
}

func TestUnusableLibraries(t *testing.T) {
	tests := []struct {
		name string
		path func(*testing.T) string
		want string
	}{
		{"text", func(t *testing.T) string { return writeLibrary(t, t.TempDir(), libraryFile("")) }, "not a library for this system"},
		{"empty", emptyFile, "not a library for this system"},
		{"for another processor", otherProcessor, "not a library for this system"},
		{"another library", func(t *testing.T) string { return compiled(t, `int answer(void) { return 42; }`) }, "a library, but not ONNX Runtime"},
		{"too old", func(t *testing.T) string { return compiled(t, oldRuntime) }, "this ONNX Runtime is too old, 1.24 or newer is needed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := test.path(t)
			n, err := Open(Config{Model: models.SqueezeNet, Library: path})
			var unusable *UnusableError
			if !errors.As(err, &unusable) || err.Error() != path+": "+test.want || n != nil {
				t.Fatalf("%v, error %v, want %q", n, err, test.want)
			}
			if !strings.Contains(unusable.Hint(), "Config.Library") {
				t.Errorf("the hint %q does not name the field", unusable.Hint())
			}
			again := open(t, 1) // nothing of it is left behind
			if _, err := again.Extract(context.Background(), noise(1, 20, 20), []int{3}, nil); err != nil {
				t.Errorf("the right library afterwards: %v", err)
			}
		})
	}
}

// oldRuntime looks like ONNX Runtime 1.20, which offers no newer interface.
const oldRuntime = `
#include <stddef.h>
typedef struct { const void *(*get)(unsigned); const char *(*version)(void); } Base;
static const void *get(unsigned version) { return NULL; }
static const char *version(void) { return "1.20.0"; }
static const Base base = { get, version };
const Base *OrtGetApiBase(void) { return &base; }
`

// compiled is a shared library made from C.
func compiled(t *testing.T, source string) string {
	t.Helper()
	compiler, err := exec.LookPath("cc")
	if err != nil {
		t.Skipf("no C compiler to make the library with: %v", err)
	}
	folder := t.TempDir()
	file, path := filepath.Join(folder, "library.c"), filepath.Join(folder, libraryFile(""))
	writeFile(t, file, source)
	if out, err := exec.Command(compiler, "-shared", "-fPIC", "-o", path, file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

func emptyFile(t *testing.T) string {
	path := filepath.Join(t.TempDir(), libraryFile(""))
	writeFile(t, path, "")
	return path
}

// otherProcessor is a library whose header names another processor.
func otherProcessor(t *testing.T) string {
	if goruntime.GOOS != "linux" {
		t.Skip("only the headers of Linux are known here")
	}
	path := compiled(t, `int answer(void) { return 42; }`)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const machine, sparc = 18, 43 // e_machine of the ELF header, EM_SPARCV9
	data[machine], data[machine+1] = sparc, 0
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
