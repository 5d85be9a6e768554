package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"zellige/runtime"
)

// requireVariable, set to 1, makes tests fail that would be skipped because there
// is no ONNX Runtime library.
const requireVariable = "ZELLIGE_REQUIRE_ONNXRUNTIME"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"zellige": main})
}

// TestUsage runs the scripts that must work without the ONNX Runtime library:
// they are told of a folder that holds none.
func TestUsage(t *testing.T) {
	testscript.Run(t, scripts("testdata/script/usage", func(env *testscript.Env) {
		env.Setenv(runtime.LibraryVariable, env.WorkDir)
	}))
}

// TestPaint runs the scripts that need the library.
func TestPaint(t *testing.T) {
	library := foundLibrary(t)
	testscript.Run(t, scripts("testdata/script/paint", func(env *testscript.Env) {
		env.Setenv(runtime.LibraryVariable, library)
	}))
}

// foundLibrary is the path of the ONNX Runtime library. Without one the test is skipped, or
// fails if one is required.
func foundLibrary(t *testing.T) string {
	t.Helper()
	library, err := runtime.FindLibrary("")
	if err != nil && os.Getenv(requireVariable) == "1" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip(err)
	}
	return library
}

// paintingFolder holds the test files, for commands that find the library.
func paintingFolder(t *testing.T) string {
	t.Helper()
	t.Setenv(runtime.LibraryVariable, foundLibrary(t))
	dir := t.TempDir()
	if err := writeTestFiles(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func scripts(folder string, setup func(*testscript.Env)) testscript.Params {
	return testscript.Params{
		Dir:                 folder,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                scriptCommands,
		Setup: func(env *testscript.Env) error {
			setup(env)
			env.Values[interruptedKey{}] = new(interruptedProcess)
			return writeTestFiles(env.WorkDir)
		},
	}
}
