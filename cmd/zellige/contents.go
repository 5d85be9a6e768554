package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zellige/internal/file"
	"zellige/picture"
)

// findContents finds the pictures that names stand for: files, folders, and patterns
// such as photos/*.jpg. What is there by just that name is no pattern.
func findContents(names []string) (paths []string, err error) {
	for _, name := range names {
		found := []string{name} // if it is not there, reading it tells
		switch _, err = os.Stat(name); {
		case err == nil && isFolder(name):
			found, err = picturesIn(name)
		case err != nil && strings.ContainsAny(name, "*?["):
			found, err = picturesLike(name)
		default:
			err = nil
		}
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	return paths, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// picturesIn are the pictures in a folder, by their endings, but none that are hidden.
func picturesIn(folder string) (paths []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("the folder %q: %v", folder, file.Reason(err)), ""}
	}
	for _, e := range entries {
		if path := filepath.Join(folder, e.Name()); isPictureName(path) && !isFolder(path) && e.Name()[0] != '.' {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return nil, &usageError{fmt.Sprintf("the folder %q holds no picture", folder), "looked for " + strings.Join(picture.Endings(), ", ")}
	}
	return paths, nil
}

func isPictureName(path string) bool {
	return slices.Contains(picture.Endings(), strings.ToLower(filepath.Ext(path)))
}

// picturesLike are the files that match a pattern.
func picturesLike(pattern string) ([]string, error) {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("%q is neither a file nor a pattern: [ has no ]", pattern), ""}
	}
	paths = slices.DeleteFunc(paths, isFolder)
	if len(paths) == 0 {
		return nil, &usageError{fmt.Sprintf("the pattern %q matches no file", pattern), ""}
	}
	return paths, nil
}
