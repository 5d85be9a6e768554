package runtime

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strconv"
	"strings"
)

// LibraryVariable is the environment variable that names the ONNX Runtime
// library or its folder.
const LibraryVariable = "ONNXRUNTIME_SHARED_LIBRARY_PATH"

// projectFolder is where make puts the library, git-ignored.
const projectFolder = ".onnxruntime"

// NotFoundError says that no ONNX Runtime library is where it was looked for.
type NotFoundError struct {
	Asked   string   // what the flag or the variable named, "" if neither did
	Looked  []string // the folders searched
	wrapped error
}

func (e *NotFoundError) Error() string {
	if e.Asked != "" {
		return fmt.Sprintf("no ONNX Runtime library at %s: %v", e.Asked, e.wrapped)
	}
	return "no ONNX Runtime library found; looked in " + strings.Join(e.Looked, ", ")
}

func (e *NotFoundError) Unwrap() error { return e.wrapped }

// Hint says what to do about it.
func (e *NotFoundError) Hint() string { return libraryHint() }

func libraryHint() string {
	prefix, suffix := libraryName()
	return "run `make build` in zellige's folder, or name the library (" + prefix + suffix +
		", version 1.24 or newer) with Config.Library or " + LibraryVariable
}

// FindLibrary returns the absolute path of the ONNX Runtime library: the one
// that asked names (a file or a folder), else the environment variable
// [LibraryVariable], else the first found beside the program, in ../lib/zellige and
// ../lib of its folder, in the project's folder, and in the system's folders. The error is a *[NotFoundError].
func FindLibrary(asked string) (string, error) {
	if asked == "" {
		asked = os.Getenv(LibraryVariable)
	}
	if asked != "" {
		return findAsked(asked)
	}
	folders := searchFolders()
	for _, folder := range folders {
		if path, err := findIn(folder); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", &NotFoundError{Looked: folders, wrapped: os.ErrNotExist}
}

func findAsked(asked string) (string, error) {
	path := asked
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		path, err = findIn(path)
	}
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return "", &NotFoundError{Asked: asked, wrapped: err}
	}
	return filepath.Abs(path)
}

// findIn returns the newest library in a folder, by the version in its name.
func findIn(folder string) (string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	prefix, suffix := libraryName()
	var newest string
	var newestVersion []int
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		version, ok := libraryVersion(e.Name(), prefix, suffix)
		if !ok || !isFile(path) {
			continue
		}
		if newest == "" || slices.Compare(version, newestVersion) > 0 {
			newest, newestVersion = path, version
		}
	}
	if newest == "" {
		return "", fmt.Errorf("no %s in this folder", prefix+suffix)
	}
	return newest, nil
}

// libraryVersion reads the dotted version between prefix and suffix; no version
// is below all versions. Other libraries of ONNX Runtime, such as
// libonnxruntime_providers_shared.so, are not ok.
func libraryVersion(name, prefix, suffix string) (version []int, ok bool) {
	rest, okPrefix := strings.CutPrefix(name, prefix)
	rest, okSuffix := strings.CutSuffix(rest, suffix)
	if !okPrefix || !okSuffix {
		return nil, false
	}
	if rest == "" {
		return nil, true
	}
	rest, ok = strings.CutPrefix(rest, ".")
	for number := range strings.SplitSeq(rest, ".") {
		n, err := strconv.Atoi(number)
		ok = ok && err == nil
		version = append(version, n)
	}
	return version, ok
}

// isFile follows symbolic links: one that leads nowhere is no file.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// sameFile reports whether two paths, perhaps by symbolic links, name one file.
func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return a == b || errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// searchFolders lists where a library is looked for that nobody named.
func searchFolders() []string {
	var folders []string
	if program, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(program); err == nil {
			program = real
		}
		beside := filepath.Dir(program)
		prefix := filepath.Dir(beside)
		folders = append(folders, beside, filepath.Join(prefix, "lib", "zellige"), filepath.Join(prefix, "lib"),
			filepath.Join(prefix, projectFolder))
	}
	if project, ok := project(); ok {
		folders = append(folders, filepath.Join(project, projectFolder))
	}
	folders = append(folders, filepath.SplitList(os.Getenv(systemPathVariable()))...)
	folders = append(folders, systemFolders()...)
	return slices.DeleteFunc(folders, func(f string) bool { return f == "" })
}

// project returns the folder of zellige's sources that the working folder lies
// in, so that `go test` and `go run` find what make fetched.
func project() (string, bool) {
	folder, err := os.Getwd()
	for err == nil {
		module, readErr := os.ReadFile(filepath.Join(folder, "go.mod"))
		if readErr == nil && strings.HasPrefix(string(module), "module zellige") {
			return folder, true
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			break
		}
		folder = parent
	}
	return "", false
}

// libraryName is what comes before and after the version in the library's name.
func libraryName() (prefix, suffix string) {
	switch goruntime.GOOS {
	case "windows":
		return "onnxruntime", ".dll"
	case "darwin":
		return "libonnxruntime", ".dylib"
	}
	return "libonnxruntime.so", ""
}

func systemPathVariable() string {
	switch goruntime.GOOS {
	case "windows":
		return "PATH"
	case "darwin":
		return "DYLD_LIBRARY_PATH"
	}
	return "LD_LIBRARY_PATH"
}

func systemFolders() []string {
	switch goruntime.GOOS {
	case "windows":
		// Windows keeps an old onnxruntime.dll of its own in System32.
		return nil
	case "darwin":
		return []string{"/opt/homebrew/lib", "/usr/local/lib"}
	}
	return []string{"/usr/local/lib", "/usr/local/lib64", "/usr/lib", "/usr/lib64",
		"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"}
}
