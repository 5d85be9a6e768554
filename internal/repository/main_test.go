// Package repository tests what holds for the repository as a whole: who imports whom,
// which files it has, and whose licences.
package repository

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestMain runs the tests in the repository's root, so that files have the names that
// a reader knows.
func TestMain(m *testing.M) {
	if err := os.Chdir(filepath.Join("..", "..")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// repositoryFiles lists what belongs to the repository, with slashes and relative to its
// root: all files but those that make put there.
func repositoryFiles(t *testing.T) []string {
	t.Helper()
	notOurs := []string{".git", ".onnxruntime", ".venv", ".cache", "bin", "out", "__pycache__"}
	var files []string
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains(notOurs, entry.Name()) {
			return fs.SkipDir
		}
		if entry.Type().IsRegular() && !slices.Contains(notOurs, entry.Name()) { // .git is a file in a work tree
			files = append(files, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
