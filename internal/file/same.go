package file

import (
	"os"
	"path/filepath"
)

// Same reports whether two paths name one file, by whatever way: relative
// and absolute paths, symbolic and hard links, names in another case on file
// systems that do not care. The files need not exist.
func Same(a, b string) bool { return Identify(a).Same(Identify(b)) }

// Identity is what a path names, found out once for many comparisons.
type Identity struct {
	info os.FileInfo // nil if nothing is there
	real string      // where it would be
}

// Identify looks at what a path names.
func Identify(path string) Identity {
	if info, err := os.Stat(path); err == nil {
		return Identity{info: info}
	}
	return Identity{real: realPath(path)}
}

// Same is [Same] of the two paths.
func (i Identity) Same(other Identity) bool {
	if i.info != nil && other.info != nil {
		return os.SameFile(i.info, other.info)
	}
	return i.info == nil && other.info == nil && i.real == other.real
}

// realPath resolves the folder of a file that may not exist yet, and links to it.
func realPath(path string) string {
	if target, err := Target(path); err == nil {
		path = target
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(folder, filepath.Base(abs))
	}
	return abs
}
