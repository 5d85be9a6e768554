package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"time"

	"zellige"
	"zellige/experiment"
)

// flushEvery is how long a line of the log may wait in memory.
const flushEvery = time.Second

// lossLog writes one JSON object a line for each iteration, into its file
// directly so that it can be followed while the picture is painted. An earlier
// log is replaced by the first line, so a run that fails before its first
// iteration leaves it as it was.
type lossLog struct {
	file    *os.File // nil if there is no log
	buffer  *bufio.Writer
	isNew   bool // the file was not there before
	started bool
	flushed time.Time
	err     error // the first
}

// openLog makes sure that the log can be written, without changing an earlier
// one; "" is no log.
func openLog(path string) (*lossLog, error) {
	if path == "" {
		return &lossLog{}, nil
	}
	_, err := os.Stat(path)
	isNew := errors.Is(err, os.ErrNotExist)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("write log %q: %v", path, withoutPath(err)), ""}
	}
	return &lossLog{file: f, buffer: bufio.NewWriter(f), isNew: isNew}, nil
}

// step adds a line. An error stops the log but not the picture: close tells it.
func (l *lossLog) step(s zellige.Step) {
	if l.file == nil || l.err != nil {
		return
	}
	if !l.started {
		l.started = true
		l.err = empty(l.file)
	}
	line, err := experiment.LogLine(s.Iteration, s.Losses, s.Elapsed.Seconds())
	if err == nil {
		_, err = l.buffer.Write(line)
	}
	if err == nil && time.Since(l.flushed) >= flushEvery {
		l.flushed = time.Now()
		err = l.buffer.Flush()
	}
	l.err = errors.Join(l.err, err)
}

// empty drops what a file holds. What is no regular file, such as a pipe, holds
// nothing.
func empty(f *os.File) error {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	return f.Truncate(0)
}

// close makes the log whole. A log that got no line is not left behind.
func (l *lossLog) close() error {
	if l.file == nil {
		return nil
	}
	err := errors.Join(l.err, l.buffer.Flush(), l.file.Close())
	if l.isNew && !l.started {
		err = errors.Join(err, os.Remove(l.file.Name()))
	}
	if err != nil {
		return fmt.Errorf("write log %q: %w", l.file.Name(), withoutPath(err))
	}
	return nil
}
