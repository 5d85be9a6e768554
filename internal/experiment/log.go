package experiment

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"zellige/internal/file"
)

// runLog is the log of a run that is not finished. Where a file system loses locks, another
// process may write one of the same name: the sum tells them apart.
type runLog struct {
	file   *os.File
	buffer *bufio.Writer
	length int64
	digest hash.Hash // of what was added
}

// openLog makes a new file of the log's first length bytes and opens it behind them. What is
// dropped are lines of iterations that will be done again; who has the earlier file open
// does not write to this one.
func openLog(path string, length int64) (*runLog, error) {
	begun, err := firstBytes(path, length)
	if err != nil {
		return nil, fmt.Errorf("read log %q: %w", path, file.Reason(err))
	}
	l := &runLog{digest: sha256.New()}
	for l.file == nil {
		if l.file, err = openOwn(path, begun); err != nil {
			return nil, err
		}
	}
	l.buffer, l.length = bufio.NewWriter(l.file), length
	_, _ = l.digest.Write(begun) // never fails
	_, err = l.file.Seek(length, io.SeekStart)
	return l, l.named(err)
}

// openOwn makes a new file of the bytes and opens it. It returns nil if another process put
// one in its place before it was opened.
func openOwn(path string, begun []byte) (*os.File, error) {
	var made os.FileInfo
	err := file.Replace(path, func(w io.Writer) error {
		_, err := w.Write(begun)
		if f, ok := w.(*os.File); ok && err == nil {
			made, err = f.Stat()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0o666)
	if err != nil {
		return nil, fmt.Errorf("write log %q: %w", path, file.Reason(err))
	}
	opened, err := f.Stat()
	if err == nil && (made == nil || os.SameFile(made, opened)) {
		return f, nil
	}
	return nil, errors.Join(err, f.Close())
}

// firstBytes are those of a file, which may be missing if there are none.
func firstBytes(path string, length int64) ([]byte, error) {
	if length == 0 {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read from
	begun, err := io.ReadAll(io.LimitReader(f, length))
	if err == nil && int64(len(begun)) != length {
		err = errTruncated
	}
	return begun, err
}

// isLog reports whether a log begins with length bytes of that sum.
func isLog(path string, length int64, sum string) bool {
	begun, err := firstBytes(path, length)
	got := sha256.Sum256(begun)
	return err == nil && hex.EncodeToString(got[:]) == sum
}

// sum is the SHA-256 of all that was added.
func (l *runLog) sum() string { return hex.EncodeToString(l.digest.Sum(nil)) }

func (l *runLog) add(line []byte) error {
	n, err := io.MultiWriter(l.buffer, l.digest).Write(line)
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

// finish copies the log to its place, whole or not at all, and closes it.
func (l *runLog) finish(path string) error {
	err := l.named(l.buffer.Flush())
	if err == nil {
		err = file.Replace(path, l.copy)
	}
	return errors.Join(err, l.named(l.file.Close()))
}

func (l *runLog) copy(w io.Writer) error {
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	read := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, read), l.file); err != nil {
		return err
	}
	if !bytes.Equal(read.Sum(nil), l.digest.Sum(nil)) {
		return errors.New("another process writes the same log, which locks would not let it; give each process its own part of the runs (Request.Shard), or a file system with locks")
	}
	return nil
}
