package experiment

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"zellige"
	"zellige/internal/record"
)

// repeat paints a picture again.
func repeat(t *testing.T, path string, r record.Repeat) *record.Repetition {
	t.Helper()
	o, err := record.OpenOriginal(path)
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
		for _, file := range []string{record.PictureFile, record.ManifestFile, ""} {
			output := filepath.Join(t.TempDir(), "again.png")
			c := repeat(t, filepath.Join(out, name, file), record.Repeat{Output: output})
			if !c.SameBytes || !c.SamePixels || len(c.Differences) > 0 || record.Hash(read(t, output)) != c.SHA256 {
				t.Errorf("%s from %q: %+v", name, file, c)
			}
		}
	}
}

// TestRepeatChecks: the check sees what would be painted, and its error ends it.
func TestRepeatChecks(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	runAll(t, path, out)
	original, err := record.OpenOriginal(filepath.Join(out, "reference", record.PictureFile))
	if err != nil {
		t.Fatal(err)
	}
	refusal, painted := errors.New("too large"), false
	_, err = original.Repeat(context.Background(), fakeModel{}, record.Repeat{
		Check: func(p *zellige.Plan) error {
			if p.Options.ImageSize != 16 || p.Pictures.Content.Bounds().Dx() != 24 {
				t.Errorf("checks size %d of a picture of %v", p.Options.ImageSize, p.Pictures.Content.Bounds())
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
	original := filepath.Join(out, "reference", record.PictureFile)
	next := testTool
	next.Version = "next"
	c := repeat(t, original, record.Repeat{Tool: next})
	if c.SameBytes || !c.SamePixels || record.Describe(c.Differences) != "made_by.zellige test -> next" {
		t.Errorf("another version: %+v", c)
	}
	writePicture(t, filepath.Join(filepath.Dir(path), "waves.png"), 20, 20, 99)
	writePicture(t, filepath.Join(filepath.Dir(path), "lion.png"), 24, 16, 99)
	c = repeat(t, original, record.Repeat{})
	if c.SameBytes || c.SamePixels || len(c.Differences) != 2 || c.Differences[0].Key != "pictures.content.sha256" {
		t.Errorf("other pictures: %+v", c)
	}
}

// TestRepeatFindsPictures in the folder given and beside a picture that was moved.
func TestRepeatFindsPictures(t *testing.T) {
	path, out := folder(t, smallFile), t.TempDir()
	runAll(t, path, out)
	moved := t.TempDir()
	writeText(t, filepath.Join(moved, "p.png"), string(read(t, out, "reference", record.PictureFile)))
	o, err := record.OpenOriginal(filepath.Join(moved, "p.png"))
	if err != nil {
		t.Fatal(err)
	}
	var missing *record.MissingError
	if _, err := o.Repeat(context.Background(), fakeModel{}, record.Repeat{}); !errors.As(err, &missing) || missing.Role != "content" {
		t.Errorf("got %v", err)
	}
	if c := repeat(t, o.Path, record.Repeat{Images: []string{t.TempDir(), filepath.Dir(path)}}); !c.SameBytes {
		t.Errorf("%+v", c)
	}
	for _, file := range []string{"lion.png", "waves.png"} {
		if err := os.Rename(filepath.Join(filepath.Dir(path), file), filepath.Join(moved, file)); err != nil {
			t.Fatal(err)
		}
	}
	if c := repeat(t, o.Path, record.Repeat{}); !c.SameBytes {
		t.Errorf("%+v", c)
	}
}
