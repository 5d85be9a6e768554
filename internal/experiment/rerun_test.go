package experiment

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zellige"
)

// repeat paints a picture again.
func repeat(t *testing.T, path string, r Repeat) *Repetition {
	t.Helper()
	o, err := OpenOriginal(path)
	if err != nil {
		t.Fatal(err)
	}
	if r.Tool.Version == "" {
		r.Tool = testTool
	}
	c, err := o.Repeat(context.Background(), fakeModel{}, r)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRepeat(t *testing.T) {
	path, out := folder(t, smallFile+"  - {name: inversion, command: invert, layer: 2, seed: 18446744073709551615}\n  - {name: started, init: waves.png, content: waves.png}\n"), t.TempDir()
	runAll(t, path, out)
	for _, name := range []string{"reference", "tv/tv_weight=5", "inversion", "started"} {
		for _, file := range []string{PictureFile, ManifestFile, ""} {
			output := filepath.Join(t.TempDir(), "again.png")
			c := repeat(t, filepath.Join(out, name, file), Repeat{Output: output})
			if !c.SameBytes || !c.SamePixels || len(c.Differences) > 0 || Hash(read(t, output)) != c.SHA256 {
				t.Errorf("%s from %q: %+v", name, file, c)
			}
		}
	}
}

// TestRepeatChecks: the check sees what would be painted, and its error ends it.
func TestRepeatChecks(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	runAll(t, path, out)
	original, err := OpenOriginal(filepath.Join(out, "reference", PictureFile))
	if err != nil {
		t.Fatal(err)
	}
	refusal, painted := errors.New("too large"), false
	_, err = original.Repeat(context.Background(), fakeModel{}, Repeat{
		Check: func(o zellige.Options, p zellige.Pictures) error {
			if o.ImageSize != 16 || p.Content.Bounds().Dx() != 24 {
				t.Errorf("checks size %d of a picture of %v", o.ImageSize, p.Content.Bounds())
			}
			return refusal
		},
		Progress: func(zellige.Step) { painted = true },
	})
	if !errors.Is(err, refusal) || painted {
		t.Errorf("got %v, painted %t", err, painted)
	}
}

func TestRepeatSaysWhatDiffers(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	runAll(t, path, out)
	original := filepath.Join(out, "reference", PictureFile)
	next := testTool
	next.Version = "next"
	c := repeat(t, original, Repeat{Tool: next})
	if c.SameBytes || !c.SamePixels || describe(c.Differences) != "made_by.zellige test -> next" {
		t.Errorf("another version: %+v", c)
	}
	writePicture(t, filepath.Join(filepath.Dir(path), "waves.png"), 20, 20, 99)
	writePicture(t, filepath.Join(filepath.Dir(path), "lion.png"), 24, 16, 99)
	c = repeat(t, original, Repeat{})
	if c.SameBytes || c.SamePixels || len(c.Differences) != 2 || c.Differences[0].Key != "pictures.content.sha256" {
		t.Errorf("other pictures: %+v", c)
	}
}

// TestRepeatFindsPictures in the folder given and beside a picture that was moved.
func TestRepeatFindsPictures(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	runAll(t, path, out)
	moved := t.TempDir()
	writeText(t, filepath.Join(moved, "p.png"), string(read(t, out, "reference", PictureFile)))
	o, err := OpenOriginal(filepath.Join(moved, "p.png"))
	if err != nil {
		t.Fatal(err)
	}
	var missing *MissingError
	if _, err := o.Repeat(context.Background(), fakeModel{}, Repeat{}); !errors.As(err, &missing) || missing.Role != "content" {
		t.Errorf("got %v", err)
	}
	if c := repeat(t, o.Path, Repeat{Images: []string{t.TempDir(), filepath.Dir(path)}}); !c.SameBytes {
		t.Errorf("%+v", c)
	}
	for _, file := range []string{"lion.png", "waves.png"} {
		if err := os.Rename(filepath.Join(filepath.Dir(path), file), filepath.Join(moved, file)); err != nil {
			t.Fatal(err)
		}
	}
	if c := repeat(t, o.Path, Repeat{}); !c.SameBytes {
		t.Errorf("%+v", c)
	}
}

func TestNoOriginal(t *testing.T) {
	dir := t.TempDir()
	writePicture(t, filepath.Join(dir, "plain.png"), 9, 9, 1)
	writeText(t, filepath.Join(dir, "text.png"), "text")
	writeText(t, filepath.Join(dir, "manifest.json"), `{"format": 1, "picture"`)
	writeText(t, filepath.Join(dir, "next.json"), `{"format": 2}`)
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
