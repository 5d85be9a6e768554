package file

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Replace writes a file so that path holds either what it held before
// or all of what write wrote, never a part: into a temporary file in the same
// folder, flushed to the disk and renamed. On any error the temporary file is
// removed. A new file gets the usual permissions (0666 less the umask); a
// replaced one keeps its own. A symbolic link is followed,
// see [Target]. What is no regular
// file (a device, a pipe) cannot be replaced and is written to directly.
//
// Errors are `write "path": reason`.
func Replace(path string, write func(io.Writer) error) error {
	if err := replace(path, write); err != nil {
		return fmt.Errorf("write %q: %w", path, Reason(err))
	}
	return nil
}

// WriteBytes is Replace by what is at hand.
func WriteBytes(path string, data []byte) error {
	return Replace(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

var errFolder = errors.New("it is a folder; give a file inside it")

func replace(path string, write func(io.Writer) error) error {
	path, err := Target(path)
	if err != nil {
		return err
	}
	old, err := os.Stat(path)
	switch {
	case err == nil && old.IsDir():
		return errFolder
	case err == nil && !old.Mode().IsRegular():
		return writeThrough(path, write)
	}
	temp, err := createTemp(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // in vain once renamed
	if old != nil {
		// Some file systems know no permissions; the content matters more.
		_ = temp.Chmod(old.Mode().Perm())
	}
	if err := fill(temp, write); err != nil {
		return err
	}
	return renameReason(os.Rename(temp.Name(), path))
}

// fill writes, flushes to the disk and closes f; full disks show at any of these.
func fill(f *os.File, write func(io.Writer) error) error {
	err := write(f)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

func writeThrough(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = write(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// renameReason drops the name of the temporary file, which means nothing to users.
func renameReason(err error) error {
	var linkErr *os.LinkError
	if errors.As(err, &linkErr) {
		return linkErr.Err
	}
	return err
}
