package picture

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"zellige/internal/file"
	"zellige/internal/spelling"
)

// absentError is the reason why a file is not there, with the name that was perhaps meant.
type absentError struct {
	error
	near string // a path
}

func (e *absentError) Unwrap() error { return e.error }

// Hint asks for the name that is there.
func (e *absentError) Hint() string { return fmt.Sprintf("did you mean %q?", e.near) }

// openError is why a picture cannot be opened.
func openError(path string, err error) error {
	reason := file.Reason(err)
	if !errors.Is(err, fs.ErrNotExist) {
		return reason
	}
	folder, name := filepath.Split(path)
	entries, _ := os.ReadDir(filepath.Dir(path)) // what cannot be listed has no name to offer
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if near := spelling.Near(name, names); near != "" {
		return &absentError{reason, folder + near}
	}
	return reason
}
