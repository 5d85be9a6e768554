package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"time"

	"zellige"
	"zellige/internal/file"
	"zellige/internal/record"
)

// flushEvery is how long a line of the log may wait in memory.
const flushEvery = time.Second

// partEnding is what the name of a log has more while it grows beside an earlier one.
const partEnding = ".part"

// lossLog writes one JSON object a line for each iteration, so that it can be
// followed while the picture is painted: a new log in its place, but one that
// replaces an earlier log beside that, which stays whole until the new one is. One that is
// nil writes nothing.
type lossLog struct {
	path    string // where it is in the end, links followed
	file    *os.File
	buffer  *bufio.Writer
	isNew   bool // no file was there before
	started bool
	flushed time.Time
	err     error // the first
}

// openLog makes sure that the log can be written, without changing an earlier
// one; "" is no log.
func openLog(path string) (*lossLog, error) {
	if path == "" {
		return nil, nil
	}
	l, err := openLogAt(path)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("write log %q: %v", path, file.Reason(err)), ""}
	}
	return l, nil
}

func openLogAt(path string) (*lossLog, error) {
	path, err := file.Target(path)
	if err != nil {
		return nil, err
	}
	old, err := os.Stat(path)
	f, openErr := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o666)
	if openErr != nil {
		return nil, openErr
	}
	if err == nil && old.Mode().IsRegular() && old.Size() > 0 {
		if err := f.Close(); err != nil {
			return nil, err
		}
		if f, err = os.OpenFile(path+partEnding, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, old.Mode().Perm()); err != nil {
			return nil, err
		}
	}
	return &lossLog{path: path, file: f, buffer: bufio.NewWriter(f), isNew: errors.Is(err, os.ErrNotExist)}, nil
}

// step adds a line. An error stops the log but not the picture: close tells it.
func (l *lossLog) step(s zellige.Step) {
	if l == nil || l.err != nil {
		return
	}
	l.started = true
	l.err = l.add(record.LogLine{Iteration: s.Iteration, LossSums: record.NewLossSums(s.Losses), Seconds: s.Elapsed.Seconds()}.JSON())
}

// add writes whole lines only, in case that the process is killed.
func (l *lossLog) add(line []byte) error {
	if l.buffer.Available() < len(line) {
		if err := l.buffer.Flush(); err != nil {
			return err
		}
	}
	if _, err := l.buffer.Write(line); err != nil || time.Since(l.flushed) < flushEvery {
		return err
	}
	l.flushed = time.Now()
	return l.buffer.Flush()
}

// close makes the log whole and puts it in its place. A log that got no line, or
// not all of them, does not replace an earlier one.
func (l *lossLog) close() error {
	if l == nil {
		return nil
	}
	err := errors.Join(l.err, l.buffer.Flush(), l.file.Close())
	if err = errors.Join(err, l.settle(err == nil)); err != nil {
		return fmt.Errorf("write log %q: %w", l.path, file.Reason(err))
	}
	return nil
}

func (l *lossLog) settle(whole bool) error {
	isPart := l.file.Name() != l.path
	switch {
	case isPart && l.started && whole:
		return os.Rename(l.file.Name(), l.path)
	case isPart, l.isNew && !l.started:
		return os.Remove(l.file.Name())
	}
	return nil
}
