package file

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestOnlyAbandonedFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		age   time.Duration
		stays bool
	}{
		".zellige-0123456789abcdef.tmp":  {48 * time.Hour, false},
		".zellige-fedcba9876543210.tmp":  {time.Hour, true},
		".zellige-00000000000000ff.tmp":  {-48 * time.Hour, true}, // by another clock
		".zellige-my-picture-of-.tmp":    {48 * time.Hour, true},
		".zellige-0123456789abcdeg.tmp":  {48 * time.Hour, true},
		"x.zellige-0123456789abcdef.tmp": {48 * time.Hour, true},
		".zellige-0123456789abcdef.tmp2": {48 * time.Hour, true},
	} {
		path, when := filepath.Join(dir, name), time.Now().Add(-c.age)
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
		if err := CheckFolder(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); (err == nil) != c.stays {
			t.Errorf("%s: stays should be %v: %v", name, c.stays, err)
		}
	}
}

func TestTemporaryNamesAreKnown(t *testing.T) {
	f, err := createTemp(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if !isTemporary(filepath.Base(f.Name())) {
		t.Errorf("%s is not known again", f.Name())
	}
}
