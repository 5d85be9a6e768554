package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zellige"
	"zellige/internal/record"
	"zellige/picture"
)

func TestResultName(t *testing.T) {
	long := strings.Repeat("ä", 150)
	for _, tt := range []struct {
		command string
		files   string // content, then styles
		want    string
	}{
		{record.Transfer, "photo.jpg painting.jpg", "photo-painting"},
		{record.Transfer, "in/photo.tar.jpg /far/away/painting.png", "photo.tar-painting"},
		{record.Transfer, "photo waves", "photo-waves"},
		{record.Transfer, "photo.jpg a.png b.png", "photo-a-b"},
		{record.Transfer, "- painting.jpg", "stdin-painting"},
		{record.Transfer, long + ".jpg " + long + ".png", strings.Repeat("ä", 100)},
		{record.Transfer, "x" + long + ".jpg " + long + ".png", "x" + strings.Repeat("ä", 99)},
		{record.Invert, "photo.jpg", "photo-layer-3"},
	} {
		task := &record.Task{Command: tt.command, Options: zellige.InversionOptions()}
		files := strings.Fields(tt.files)
		addSources(task, record.Content, files[0])
		addSources(task, record.Style, files[1:]...)
		addSources(task, record.Mask, "mask.png")
		if got := resultName(task); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.command, tt.files, got, tt.want)
		}
	}
	texture := &record.Task{Command: record.Synthesize}
	addSources(texture, record.Style, "painting.jpg")
	if got := resultName(texture); got != "painting-texture" {
		t.Errorf("synthesize: %q", got)
	}
}

// TestNothingIsLostThatCameMeanwhile: two commands of the same pictures at a time.
func TestNothingIsLostThatCameMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "photo-painting.png")
	ours := resultFlags{output: path, isOurs: true}
	for _, want := range []string{path, strings.Replace(path, ".png", "-2.png", 1), strings.Replace(path, ".png", "-3.png", 1)} {
		got, err := ours.write(nil, waves(9, 8), picture.Metadata{})
		if err != nil || got != want {
			t.Errorf("wrote %q, %v; want %q", got, err, want)
		}
		if _, err := picture.Read(want); err != nil {
			t.Error(err)
		}
	}
	for _, replaces := range []resultFlags{{output: path}, {output: path, isOurs: true, overwrite: true}} {
		if got, err := replaces.write(nil, waves(5, 4), picture.Metadata{}); err != nil || got != path {
			t.Errorf("wrote %q, %v; want %q", got, err, path)
		}
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 3 {
		t.Errorf("%d files, want 3", len(files))
	}
}
