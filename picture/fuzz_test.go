package picture

import (
	"image"
	"os"
	"path/filepath"
	"testing"
)

// Any bytes give an opaque picture of the declared size or an error. Pictures
// above a megapixel are left out here: they only make the fuzzer slow.
func FuzzDecode(f *testing.F) {
	for _, pattern := range []string{"testdata/decode/*", "testdata/orient/[1-8].*", "testdata/profile/*", "testdata/cases/*.*"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds match %s", pattern)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if kind, ok := sniff(data); ok {
			size, err := kind.size(data)
			if err == nil && size.X > 0 && size.Y > (1<<20)/size.X {
				t.Skip("large")
			}
		}
		file, err := DecodeFile(data)
		if err != nil {
			return
		}
		img := file.Image
		if file.Alpha != nil && file.Alpha.Rect != img.Bounds() {
			t.Fatalf("alpha has bounds %v, the picture %v", file.Alpha.Rect, img.Bounds())
		}
		if img.Bounds().Empty() || img.Bounds().Min != (image.Point{}) {
			t.Fatalf("bounds %v", img.Bounds())
		}
		if opaque, ok := img.(interface{ Opaque() bool }); !ok || !opaque.Opaque() {
			t.Fatalf("%T is not opaque", img)
		}
	})
}
