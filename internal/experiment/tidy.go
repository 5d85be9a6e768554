package experiment

import (
	"errors"
	"os"
	"path/filepath"

	"zellige/internal/record"
)

// temporary matches the files that file.Replace leaves if the process
// dies in it.
const temporary = ".zellige-*.tmp"

// leftovers are the files that a process which died left in a finished run's folder.
func leftovers(folder string) []string {
	var left []string
	for _, pattern := range []string{stateFile, stateLogFile, stateFrames, record.DivergedFile, lockFile, temporary} {
		left = append(left, matches(folder, pattern)...)
	}
	return left
}

// matches lists a folder's files by pattern, whatever the folder's own name.
func matches(folder, pattern string) []string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var list []string
	for _, e := range entries {
		if ok, _ := filepath.Match(pattern, e.Name()); ok {
			list = append(list, filepath.Join(folder, e.Name()))
		}
	}
	return list
}

// tidy removes leftovers from the folder of a finished run, unless another process
// is at it.
func tidy(r *Planned) error {
	if len(leftovers(r.Folder)) == 0 {
		return nil
	}
	l, err := tryLock(r.Folder)
	if err != nil || l == nil {
		return err
	}
	return errors.Join(removeState(r.Folder), l.release())
}

// removeState removes the state of a run in a folder that this process holds.
func removeState(folder string) error {
	errs := []error{removeTemporary(folder)}
	for _, name := range []string{stateFile, stateLogFile, stateFrames, record.DivergedFile} {
		errs = append(errs, os.RemoveAll(filepath.Join(folder, name)))
	}
	return errors.Join(errs...)
}

// removeTemporary removes half-written files from a folder that this process holds.
func removeTemporary(folder string) error {
	var errs []error
	for _, path := range matches(folder, temporary) {
		errs = append(errs, os.Remove(path))
	}
	return errors.Join(errs...)
}
