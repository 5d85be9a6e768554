package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// ErrLarge says that a file is larger than it may be.
var ErrLarge = errors.New("it is larger")

// Read reads a file, or a pipe, of at most limit bytes. The errors do not name the file.
func Read(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, Reason(err)
	}
	defer f.Close() // only read from
	return readOpen(f, limit, false)
}

// ReadRegular is Read, but what is no regular file, such as a device or a pipe, is an
// error, and is not waited for.
func ReadRegular(path string, limit int64) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, Reason(err)
	}
	defer f.Close() // only read from
	return readOpen(f, limit, true)
}

func readOpen(f *os.File, limit int64, onlyRegular bool) ([]byte, error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, Reason(err)
	case info.IsDir():
		return nil, errFolder
	case onlyRegular && !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	}
	var data bytes.Buffer
	data.Grow(int(min(info.Size(), limit)) + bytes.MinRead)
	if _, err := io.Copy(&data, io.LimitReader(f, limit+1)); err != nil {
		return nil, Reason(err)
	}
	if int64(data.Len()) > limit {
		return nil, fmt.Errorf("%w than %d bytes", ErrLarge, limit)
	}
	return data.Bytes(), nil
}
