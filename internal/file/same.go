package file

import (
	"os"
	"path/filepath"
)

// Same reports whether two paths name one file, by whatever way: relative
// and absolute paths, symbolic and hard links, names in another case on file
// systems that do not care. The files need not exist.
func Same(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(infoA, infoB)
	}
	if (errA == nil) != (errB == nil) {
		return false
	}
	return realPath(a) == realPath(b)
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
