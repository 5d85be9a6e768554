package experiment

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"zellige/internal/file"
)

// runLog is the log of a run that is not finished.
type runLog struct {
	file   *os.File
	buffer *bufio.Writer
	length int64
}

// openLog opens the log at its first length bytes and drops what stands behind
// them: lines of iterations that will be done again.
func openLog(path string, length int64) (*runLog, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("write log %q: %w", path, file.Reason(err))
	}
	err = f.Truncate(length)
	if err == nil {
		_, err = f.Seek(length, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write log %q: %w", path, file.Reason(err)), f.Close())
	}
	return &runLog{f, bufio.NewWriter(f), length}, nil
}

func (l *runLog) add(line []byte) error {
	n, err := l.buffer.Write(line)
	l.length += int64(n)
	return l.named(err)
}

// sync brings the log to the disk, before a state refers to it.
func (l *runLog) sync() error {
	if err := l.buffer.Flush(); err != nil {
		return l.named(err)
	}
	return l.named(l.file.Sync())
}

func (l *runLog) close() error {
	return l.named(errors.Join(l.buffer.Flush(), l.file.Close()))
}

func (l *runLog) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("write log %q: %w", l.file.Name(), file.Reason(err))
}

// copyFile copies a finished log to its place, whole or not at all.
func copyFile(to, from string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close() // only read from
	return file.Replace(to, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}
