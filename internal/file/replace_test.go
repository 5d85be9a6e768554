package file

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, content := range []string{"first", "second, longer", ""} {
		err := Replace(path, func(w io.Writer) error {
			_, err := io.WriteString(w, content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != content {
			t.Errorf("file holds %q, want %q", got, content)
		}
		onlyFile(t, path)
	}
}

func TestReplaceFailure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	err := Replace(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, "half of the ne"); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want the path and %v", err, broken)
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("the old file now holds %q", got)
	}
	onlyFile(t, path)
}

func TestReplacePanic(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	func() {
		defer func() { recover() }()
		_ = Replace(path, func(io.Writer) error { panic("bug") })
	}()
	noFile(t, filepath.Dir(path))
}

func TestReplaceBadPlaces(t *testing.T) {
	folder := t.TempDir()
	nothing := func(io.Writer) error { return nil }
	for path, want := range map[string]string{
		folder:                                "it is a folder",
		filepath.Join(folder, "none", "file"): "no such file",
	} {
		err := Replace(path, nothing)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), ".tmp") {
			t.Errorf("error %v, want %q and no temporary name", err, want)
		}
	}
	noFile(t, folder)
}

func TestReplacePermissions(t *testing.T) {
	folder := t.TempDir()
	nothing := func(io.Writer) error { return nil }
	ordinary, err := os.Create(filepath.Join(folder, "ordinary"))
	if err != nil {
		t.Fatal(err)
	}
	ordinary.Close()
	fresh, private := filepath.Join(folder, "fresh"), filepath.Join(folder, "private")
	if err := os.WriteFile(private, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{fresh, private} {
		if err := Replace(path, nothing); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := mode(t, fresh), mode(t, ordinary.Name()); got != want {
		t.Errorf("a new file has %v, an ordinary one %v", got, want)
	}
	if got := mode(t, private); got != 0o600 {
		t.Errorf("a replaced private file has %v, want -rw-------", got)
	}
}

func TestReplaceFollowsLinks(t *testing.T) {
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, "link")
	if err := os.WriteFile(target, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	err := Replace(link, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err })
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(target); string(got) != "new" {
		t.Errorf("the link's target holds %q, want the new content", got)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link was replaced (%v)", err)
	}
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

// onlyFile checks that no temporary file lies beside path.
func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("the folder holds %v, want only %s", entries, filepath.Base(path))
	}
}

func noFile(t *testing.T, folder string) {
	t.Helper()
	if entries, _ := os.ReadDir(folder); len(entries) != 0 {
		t.Errorf("the folder holds %v, want nothing", entries)
	}
}
