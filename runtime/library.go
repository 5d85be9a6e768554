//go:build cgo

package runtime

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// loaded is the ONNX Runtime library of this process. The binding keeps it in
// plain globals, so there can be one, and it is counted: the first Network loads
// it, the last one unloads it.
var loaded struct {
	sync.Mutex
	users   int
	path    string
	version string
}

// acquire loads the library at path, or counts one more user of it, and returns
// its version.
func acquire(path string) (string, error) {
	loaded.Lock()
	defer loaded.Unlock()
	if loaded.users > 0 && !sameFile(loaded.path, path) {
		return "", fmt.Errorf("this process uses the ONNX Runtime library %s already and cannot use %s too", loaded.path, path)
	}
	if loaded.users == 0 {
		if err := load(path); err != nil {
			return "", err
		}
		loaded.path, loaded.version = path, ort.GetVersion()
	}
	loaded.users++
	return loaded.version, nil
}

// libraryPath is the library's file, of one that is loaded.
func libraryPath() string {
	loaded.Lock()
	defer loaded.Unlock()
	return loaded.path
}

// release gives up one use of the library.
func release() error {
	loaded.Lock()
	defer loaded.Unlock()
	loaded.users--
	if loaded.users > 0 {
		return nil
	}
	return ort.DestroyEnvironment()
}

// noTelemetry keeps ONNX Runtime (since 1.29, on all systems but Windows) from
// making an identifier of this machine in the user's folder and from sending
// anything. DisableTelemetry alone comes too late: the library begins with it as it
// is initialised.
const noTelemetry = "ORT_DISABLE_TELEMETRY"

func load(path string) error {
	if err := checkWhole(path); err != nil {
		return err
	}
	if err := os.Setenv(noTelemetry, "1"); err != nil {
		return fmt.Errorf("disable telemetry: %w", err)
	}
	ort.SetSharedLibraryPath(path)
	// Errors are returned as well, and ONNX Runtime would print them in colour.
	if err := ort.InitializeEnvironment(ort.WithLogLevelFatal()); err != nil {
		return libraryError(path, err)
	}
	if err := ort.DisableTelemetry(); err != nil {
		return errors.Join(fmt.Errorf("disable telemetry: %w", err), ort.DestroyEnvironment())
	}
	return nil
}

// UnusableError says that a file is no ONNX Runtime library that works here.
type UnusableError struct {
	Path, Reason string
}

func (e *UnusableError) Error() string { return e.Path + ": " + e.Reason }

// Hint says what to do about it.
func (e *UnusableError) Hint() string { return libraryHint() }

// libraryError says in our words what the binding reports when it cannot load.
func libraryError(path string, err error) error {
	text := err.Error()
	reason := text
	switch {
	case strings.Contains(text, "API base"):
		reason = "this ONNX Runtime is too old, 1.24 or newer is needed"
	case strings.Contains(text, "OrtGetApiBase"):
		reason = "a library, but not ONNX Runtime"
	case strings.Contains(text, "invalid ELF header"), strings.Contains(text, "file too short"),
		strings.Contains(text, "not a mach-o"), strings.Contains(text, "not a valid Win32"),
		strings.Contains(text, path+": cannot open shared object file: No such file"): // it is there, but for another processor
		reason = "not a library for this system"
	}
	return &UnusableError{path, reason}
}
