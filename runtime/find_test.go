package runtime

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
)

func TestFindLibraryAsked(t *testing.T) {
	name := libraryFile("1.32.0")
	for _, folder := range []string{"plain", "with space", "with [brackets]", "with * and ?", `back\slash`} {
		if goruntime.GOOS == "windows" && strings.ContainsAny(folder, `*?\`) {
			continue // no such names there
		}
		t.Run(folder, func(t *testing.T) {
			t.Setenv(LibraryVariable, "")
			want := writeLibrary(t, filepath.Join(t.TempDir(), folder), name)
			for _, asked := range []string{want, filepath.Dir(want)} {
				if got, err := FindLibrary(asked); got != want || err != nil {
					t.Errorf("asked for %s: %s, %v", asked, got, err)
				}
			}
		})
	}
}

func TestFindLibraryOrder(t *testing.T) {
	noLibraries(t)
	name := libraryFile("1.32.0")
	root := t.TempDir()
	system := writeLibrary(t, filepath.Join(root, "system"), name)
	t.Setenv(systemPathVariable(), string(filepath.ListSeparator)+filepath.Dir(system)) // an empty entry first
	expectLibrary(t, "", system)

	project := writeLibrary(t, filepath.Join(root, "project", projectFolder), name)
	inside := filepath.Join(root, "project", "a", "b")
	if err := os.MkdirAll(inside, 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(root, "project", "go.mod"), "module zellige\n")
	t.Chdir(inside)
	expectLibrary(t, "", project)

	variable := writeLibrary(t, filepath.Join(root, "variable"), name)
	t.Setenv(LibraryVariable, variable)
	expectLibrary(t, "", variable)

	flag := writeLibrary(t, filepath.Join(root, "flag"), name)
	expectLibrary(t, flag, flag)
}

// Where an archive, pip and make install put the library comes before the project's folder.
func TestSearchFoldersNearTheProgram(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if program, err = filepath.EvalSymlinks(program); err != nil {
		t.Fatal(err)
	}
	beside := filepath.Dir(program)
	prefix := filepath.Dir(beside)
	want := []string{beside, filepath.Join(prefix, "lib", "zellige"), filepath.Join(prefix, "lib"), filepath.Join(prefix, projectFolder)}
	got := searchFolders()
	for i, folder := range want {
		if got[i] != folder {
			t.Errorf("folder %d is %s, want %s", i, got[i], folder)
		}
	}
}

// A relative path would have dlopen search the system.
func TestFindLibraryIsAbsolute(t *testing.T) {
	want := writeLibrary(t, t.TempDir(), libraryFile("1.32.0"))
	t.Chdir(filepath.Dir(want))
	for _, asked := range []string{".", filepath.Base(want)} {
		got, err := FindLibrary(asked)
		if err != nil || !filepath.IsAbs(got) || !sameFile(got, want) {
			t.Errorf("asked for %s: %s, %v", asked, got, err)
		}
	}
}

func TestFindLibraryNewest(t *testing.T) {
	if goruntime.GOOS == "windows" {
		t.Skip("libraries carry no version in their names on Windows")
	}
	tests := []struct {
		name     string
		versions []string
		want     string
	}{
		{"numbers, not text", []string{"1.9.0", "1.32.0", "1.4.0"}, "1.32.0"},
		{"longer is newer", []string{"1.24", "1.24.1"}, "1.24.1"},
		{"a version before none", []string{"", "1"}, "1"},
		{"only none", []string{""}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			for _, v := range test.versions {
				writeLibrary(t, folder, libraryFile(v))
			}
			expectLibrary(t, folder, filepath.Join(folder, libraryFile(test.want)))
		})
	}
}

func TestLibraryVersion(t *testing.T) {
	tests := []struct {
		name, prefix, suffix string
		want                 string
	}{
		{"libonnxruntime.so", "libonnxruntime.so", "", "[]"},
		{"libonnxruntime.so.1.32.0", "libonnxruntime.so", "", "[1 32 0]"},
		{"libonnxruntime.1.24.4.dylib", "libonnxruntime", ".dylib", "[1 24 4]"},
		{"libonnxruntime.dylib", "libonnxruntime", ".dylib", "[]"},
		{"onnxruntime.dll", "onnxruntime", ".dll", "[]"},
		{"libonnxruntime_providers_shared.so", "libonnxruntime.so", "", "no"},
		{"libonnxruntime_providers_shared.dylib", "libonnxruntime", ".dylib", "no"},
		{"libonnxruntime.so.1.32.0.debug", "libonnxruntime.so", "", "no"},
		{"libonnxruntime.so.", "libonnxruntime.so", "", "no"},
		{"libonnxruntime.so1", "libonnxruntime.so", "", "no"},
		{"libonnxruntime.so..1", "libonnxruntime.so", "", "no"},
		{"libonnx.so", "libonnxruntime.so", "", "no"},
	}
	for _, test := range tests {
		version, ok := libraryVersion(test.name, test.prefix, test.suffix)
		got := "no"
		if ok {
			got = fmt.Sprint(version)
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestFindLibraryErrors(t *testing.T) {
	noLibraries(t)
	empty := t.TempDir()
	dangling := t.TempDir()
	if err := os.Symlink(filepath.Join(dangling, "gone"), filepath.Join(dangling, libraryFile("1.32.0"))); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	folder := filepath.Join(t.TempDir(), libraryFile("1.32.0"))
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	prefix, suffix := libraryName()
	tests := []struct {
		name, asked string
		want        string
	}{
		{"missing", filepath.Join(empty, "none.so"), "no ONNX Runtime library at " + filepath.Join(empty, "none.so")},
		{"empty folder", empty, "no " + prefix + suffix + " in this folder"},
		{"folder with a dangling link", dangling, "no " + prefix + suffix + " in this folder"},
		{"folder named like the library", folder, "in this folder"},
		{"the dangling link itself", filepath.Join(dangling, libraryFile("1.32.0")), "no ONNX Runtime library at"},
		{"nobody asked", "", "no ONNX Runtime library found; looked in"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path, err := FindLibrary(test.asked)
			var missing *NotFoundError
			if !errors.As(err, &missing) || !strings.Contains(err.Error(), test.want) || path != "" {
				t.Fatalf("%q, %v; want a NotFoundError with %q", path, err, test.want)
			}
			if missing.Asked != test.asked {
				t.Errorf("asked for %q, says %q", test.asked, missing.Asked)
			}
			for _, want := range []string{"make build", "Config.Library", LibraryVariable, "1.24"} {
				if !strings.Contains(missing.Hint(), want) {
					t.Errorf("the hint %q does not name %s", missing.Hint(), want)
				}
			}
		})
	}
}

func TestNotFoundErrorUnwraps(t *testing.T) {
	_, err := FindLibrary(filepath.Join(t.TempDir(), "none"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
}

// noLibraries makes sure that only what a test writes is found.
func noLibraries(t *testing.T) {
	t.Helper()
	t.Setenv(LibraryVariable, "")
	t.Setenv(systemPathVariable(), "")
	t.Chdir(t.TempDir())
	for _, folder := range searchFolders() {
		if path, err := findIn(folder); err == nil {
			t.Skipf("this system has %s, which is found whatever a test does", path)
		}
	}
}

func expectLibrary(t *testing.T, asked, want string) {
	t.Helper()
	if got, err := FindLibrary(asked); got != want || err != nil {
		t.Errorf("asked for %q: %s, %v; want %s", asked, got, err, want)
	}
}

// libraryFile is the name of a library of some version on this system.
func libraryFile(version string) string {
	prefix, suffix := libraryName()
	if version == "" || goruntime.GOOS == "windows" {
		return prefix + suffix
	}
	return prefix + "." + version + suffix
}

// writeLibrary writes a file that only looks like the library.
func writeLibrary(t *testing.T, folder, name string) string {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, name)
	writeFile(t, path, "not really a library")
	return path
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
