package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
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

func TestSameFile(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, name := range []string{"a.png", "b.png"} {
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a.png", "link.png"); err != nil {
		t.Fatal(err)
	}
	if err := os.Link("a.png", "hard.png"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(folder, "here"); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		a, b string
		want bool
	}{
		{"a.png", "a.png", true},
		{"a.png", filepath.Join(folder, "a.png"), true},
		{"a.png", "./x/../a.png", false}, // x does not exist
		{"a.png", "./a.png", true},
		{"a.png", "link.png", true},
		{"a.png", "hard.png", true},
		{"a.png", "here/a.png", true},
		{"a.png", "b.png", false},
		{"a.png", "new.png", false},
		{"new.png", "a.png", false},
		{"new.png", "./new.png", true},
		{"new.png", "here/new.png", true},
		{"new.png", "other.png", false},
		{"none/new.png", "none/new.png", true},
	}
	for _, test := range tests {
		if got := SameFile(test.a, test.b); got != test.want {
			t.Errorf("SameFile(%q, %q) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

func TestWriteFileAtomic(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, content := range []string{"first", "second, longer", ""} {
		err := WriteFileAtomic(path, func(w io.Writer) error {
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

func TestWriteFileAtomicFailure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	err := WriteFileAtomic(path, func(w io.Writer) error {
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

func TestWriteFileAtomicPanic(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	func() {
		defer func() { recover() }()
		_ = WriteFileAtomic(path, func(io.Writer) error { panic("bug") })
	}()
	noFile(t, filepath.Dir(path))
}

func TestWriteFileAtomicBadPlaces(t *testing.T) {
	folder := t.TempDir()
	nothing := func(io.Writer) error { return nil }
	for path, want := range map[string]string{
		folder:                                "it is a folder",
		filepath.Join(folder, "none", "file"): "no such file",
	} {
		err := WriteFileAtomic(path, nothing)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), ".tmp") {
			t.Errorf("error %v, want %q and no temporary name", err, want)
		}
	}
	noFile(t, folder)
}

func TestWriteFileAtomicPermissions(t *testing.T) {
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
		if err := WriteFileAtomic(path, nothing); err != nil {
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

func TestWriteFileAtomicFollowsLinks(t *testing.T) {
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, "link")
	if err := os.WriteFile(target, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	err := WriteFileAtomic(link, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err })
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
