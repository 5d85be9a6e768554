package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zellige/picture"
)

// TestPictureIsKeptIfItsFolderVanishes: also what tells where.
func TestPictureIsKeptIfItsFolderVanishes(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("TMP", os.Getenv("TMPDIR")) // of Windows
	path := filepath.Join(t.TempDir(), "gone", "a.png")
	err := writePicture(path, waves(9, 8), picture.Metadata{})
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Fatalf("the error does not name %s: %v", path, err)
	}
	_, kept, ok := strings.Cut(err.Error(), "it is kept as ")
	if !ok {
		t.Fatal(err)
	}
	if _, err := picture.Read(kept); err != nil {
		t.Error(err)
	}
}

func TestPictureThatCannotBeKeptAnywhere(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	t.Setenv("TMPDIR", nowhere)
	t.Setenv("TMP", nowhere)
	err := writePicture(filepath.Join(nowhere, "a.png"), waves(9, 8), picture.Metadata{})
	if err == nil || !strings.Contains(err.Error(), "nor could it be kept elsewhere") {
		t.Error(err)
	}
}
