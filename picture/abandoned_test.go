//go:build unix

package picture

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestOnlyAbandonedFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	held, err := createTemp(dir)
	if err != nil {
		t.Fatal(err)
	}
	left, err := createTemp(dir) // as a process leaves it that is killed
	if err != nil {
		t.Fatal(err)
	}
	left.Close()
	left.hold.Close()
	other := filepath.Join(dir, ".zellige-mine.tmp")
	if err := os.WriteFile(other, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := CheckOutput(filepath.Join(dir, "a.png")); err != nil {
		t.Fatal(err)
	}
	for path, stays := range map[string]bool{held.Name(): true, left.Name(): false, other: true} {
		if _, err := os.Stat(path); (err == nil) != stays {
			t.Errorf("%s: stays should be %v: %v", filepath.Base(path), stays, err)
		}
	}
}

// Writers and those who clean up after the dead do not get into each other's way.
func TestCleaningSparesTheLiving(t *testing.T) {
	dir := t.TempDir()
	var group sync.WaitGroup
	for i := range 4 {
		path := filepath.Join(dir, string(rune('a'+i))+".png")
		group.Go(func() {
			for range 50 {
				if err := CheckOutput(path); err != nil {
					t.Error(err)
				}
				if err := Write(path, solid(3, 3, 1, 2, 3)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 4 {
		t.Errorf("the folder holds %v (%v)", entries, err)
	}
}
