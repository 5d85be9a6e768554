package file

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// CheckReplaceable refuses what renaming a new file over path would destroy
// against its owner's will: a folder, or a file that may not be written. A path
// where nothing lies passes.
func CheckReplaceable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return nil // nothing there yet; CheckFolder tells the rest
	}
	if info.IsDir() {
		return errFolder
	}
	if !info.Mode().IsRegular() {
		return nil // opening a pipe would wait for its reader
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("the file exists and cannot be written (%w); choose another name", Reason(err))
	}
	return f.Close()
}

// CheckFolder reports whether new files can be made in folder, so that a mistake
// shows before hours of work. It leaves nothing behind, and removes what killed
// processes left there of files that they were writing, a day ago or longer.
func CheckFolder(folder string) error {
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the folder %q does not exist; create it first", folder)
	case err != nil:
		return fmt.Errorf("the folder %q: %w", folder, Reason(err))
	case !info.IsDir():
		return fmt.Errorf("%q is a file, not a folder", folder)
	}
	// Only trying tells: permission bits know nothing of read-only mounts.
	temp, err := createTemp(folder)
	if err != nil {
		return fmt.Errorf("the folder %q cannot be written to (%w)", folder, Reason(err))
	}
	removeAbandoned(folder)
	closeErr := temp.Close()
	if err := os.Remove(temp.Name()); err != nil {
		return Reason(err)
	}
	return closeErr
}
