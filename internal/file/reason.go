package file

import (
	"errors"
	"io/fs"
)

// Reason drops the path and the system call that the os package puts
// around a reason: our own message already names the file.
func Reason(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
