package record

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zellige/picture"
)

func TestNoOriginal(t *testing.T) {
	dir := t.TempDir()
	if err := picture.Write(filepath.Join(dir, "plain.png"), image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"text.png":      "text",
		"manifest.json": `{"format": 1, "picture"`,
		"next.json":     `{"format": 2}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string]string{
		"plain.png": "carries no recipe", "text.png": "", "no.png": "no such file", "": "it is damaged", "manifest.json": "it is damaged",
		"next.json": "use a newer zellige",
	} {
		if _, err := OpenOriginal(filepath.Join(dir, file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", file, err, want)
		}
	}
}

func TestPortableNames(t *testing.T) {
	for file, want := range map[string]string{
		"lion.png": "lion.png", "./a/../lion.png": "lion.png", "../pics/lion.png": "../pics/lion.png", "/home/me/lion.png": "lion.png",
		`C:\me\lion.png`: "lion.png", `pics\lion.png`: "pics/lion.png",
	} {
		if got := portable(file); got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}
