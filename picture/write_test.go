package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWriteFormats(t *testing.T) {
	img := testPicture(t, "golden", "rgb.png.png")
	tests := []struct {
		name    string
		magic   string
		largest int
		mean    float64
	}{
		{"a.png", "\x89PNG", 0, 0},
		{"A.PNG", "\x89PNG", 0, 0},
		{"a.tif", "II*\x00", 0, 0},
		{"a.tiff", "II*\x00", 0, 0},
		{"a.jpg", "\xff\xd8\xff", 16, 2},
		{"a.b.jpeg", "\xff\xd8\xff", 16, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), test.name)
			if err := CheckOutput(path); err != nil {
				t.Fatal(err)
			}
			if err := Write(path, img); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(data), test.magic) {
				t.Errorf("file begins with %q, want %q", data[:8], test.magic)
			}
			back, err := Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if largest, mean := difference(t, back.(*image.NRGBA), img); largest > test.largest || mean > test.mean {
				t.Errorf("comes back off by %d levels, %.3f in the mean; want at most %d, %.1f", largest, mean, test.largest, test.mean)
			}
			onlyFile(t, path)
		})
	}
}

func TestWriteKeeps16Bits(t *testing.T) {
	img := image.NewNRGBA64(image.Rect(0, 0, 1, 1))
	img.SetNRGBA64(0, 0, color.NRGBA64{1, 1000, 65534, 65535})
	for _, name := range []string{"deep.png", "deep.tif"} {
		path := filepath.Join(t.TempDir(), name)
		if err := Write(path, img); err != nil {
			t.Fatal(err)
		}
		back, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := back.(*image.NRGBA64).NRGBA64At(0, 0); got != img.NRGBA64At(0, 0) {
			t.Errorf("%s: %v, want %v", name, got, img.NRGBA64At(0, 0))
		}
	}
}

// The spliced file must be a plain 4:4:4 JPEG: one chroma sample per pixel,
// the quality that was asked for, any size.
func TestWriteJPEG444(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {7, 9}, {8, 8}, {16, 17}, {33, 5}} {
		img := solid(size.X, size.Y, 250, 10, 20)
		img.SetNRGBA(size.X/2, size.Y/2, color.NRGBA{10, 20, 250, 255})
		var file bytes.Buffer
		if err := encodeJPEG(&file, img, Metadata{}); err != nil {
			t.Fatal(err)
		}
		planes, err := jpeg.Decode(bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if got := planes.(*image.YCbCr).SubsampleRatio; got != image.YCbCrSubsampleRatio444 {
			t.Errorf("subsampling is %v", got)
		}
		back, err := Decode(file.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if largest, _ := difference(t, back.(*image.NRGBA), img); largest > 16 {
			t.Errorf("%v: off by %d levels; a subsampled file would be off by more than 50", size, largest)
		}
	}
}

func TestWriteJPEGTooLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wide.jpg")
	err := Write(path, image.NewNRGBA(image.Rect(0, 0, 1<<16, 1)))
	if err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("error %v, want one about the size", err)
	}
	noFile(t, filepath.Dir(path))
}

func TestCheckOutput(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "there.png")
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "sub.png"), 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, path, want string }{
		{"new file", filepath.Join(folder, "new.png"), ""},
		{"existing file", file, ""},
		{"capitals", filepath.Join(folder, "new.JPEG"), ""},
		{"no name", "", "the name is empty"},
		{"no ending", filepath.Join(folder, "new"), "the name has no ending; give .png, .jpg or .tif"},
		{"unknown ending", filepath.Join(folder, "new.gif"), `unknown ending ".gif"; give .png, .jpg or .tif`},
		{"missing folder", filepath.Join(folder, "none", "new.png"), "does not exist; create it first"},
		{"folder is a file", filepath.Join(file, "new.png"), "is a file, not a folder"},
		{"is a folder", folder, "it is a folder; give a file inside it"},
		{"is a folder with an ending", filepath.Join(folder, "sub.png"), "it is a folder"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := CheckOutput(test.path)
			if test.want == "" && err != nil {
				t.Fatal(err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Fatalf("error %v, want %q", err, test.want)
			}
			if writeErr := Write(test.path, solid(1, 1, 0, 0, 0)); (writeErr == nil) != (err == nil) {
				t.Errorf("CheckOutput says %v but Write says %v", err, writeErr)
			}
		})
	}
}

func TestCheckOutputLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	if err := CheckOutput(filepath.Join(folder, "new.png")); err != nil {
		t.Fatal(err)
	}
	noFile(t, folder)
}

func TestCheckOutputReadOnly(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write to read-only folders")
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "old.png")
	if err := os.WriteFile(file, []byte("old"), 0o444); err != nil {
		t.Fatal(err)
	}
	if err := CheckOutput(file); err == nil || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("read-only file: error %v", err)
	}
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(folder, 0o755) }) // or it could not be removed
	if err := CheckOutput(filepath.Join(folder, "new.png")); err == nil || !strings.Contains(err.Error(), "cannot be written to") {
		t.Errorf("read-only folder: error %v", err)
	}
	if err := Write(filepath.Join(folder, "new.png"), solid(1, 1, 0, 0, 0)); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("writing into a read-only folder: error %v", err)
	}
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
