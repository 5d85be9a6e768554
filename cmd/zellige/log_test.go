package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zellige"
)

// TestEarlierLogStaysUntilTheNewOneIsWhole looks at the files while a log grows, as
// a killed process would leave them.
func TestEarlierLogStaysUntilTheNewOneIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.jsonl")
	if err := os.WriteFile(path, []byte("earlier\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := openLog(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		l.step(zellige.Step{Iteration: i, Iterations: 100})
	}
	if got := readText(t, path); got != "earlier\n" {
		t.Errorf("the earlier log has become %q", got)
	}
	if got := readText(t, path+partEnding); !strings.HasSuffix(got, "}\n") {
		t.Errorf("the growing log does not end with a whole line: %q", got)
	}
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(readText(t, path), "\n"); got != 100 {
		t.Errorf("the log has %d lines", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the log has other permissions than the earlier one: %v, %v", info, err)
	}
	if _, err := os.Stat(path + partEnding); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("left behind: %v", err)
	}
}

func TestFailedLogDoesNotReplaceAnEarlierOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.jsonl")
	if err := os.WriteFile(path, []byte("earlier\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, spoil := range []func(*lossLog){
		func(*lossLog) {}, // no line
		func(l *lossLog) { l.step(zellige.Step{Iterations: 1}); l.err = errors.New("disk full") },
	} {
		l, err := openLog(path)
		if err != nil {
			t.Fatal(err)
		}
		spoil(l)
		if err := l.close(); (err != nil) != (l.err != nil) {
			t.Errorf("close: %v", err)
		}
		if got := readText(t, path); got != "earlier\n" {
			t.Errorf("the earlier log has become %q", got)
		}
		if _, err := os.Stat(path + partEnding); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("left behind: %v", err)
		}
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
