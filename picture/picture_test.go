package picture

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// The pictures in testdata are made by testdata/make.py.

func testFile(t testing.TB, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func testPicture(t testing.TB, parts ...string) *image.NRGBA {
	t.Helper()
	img, err := Decode(testFile(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.NRGBA)
}

// difference is the largest and the mean difference in levels of 255.
func difference(t testing.TB, got, want *image.NRGBA) (largest int, mean float64) {
	t.Helper()
	if got.Rect != want.Rect {
		t.Fatalf("bounds are %v, want %v", got.Rect, want.Rect)
	}
	sum := 0
	for i := range got.Pix {
		d := int(got.Pix[i]) - int(want.Pix[i])
		d = max(d, -d)
		largest = max(largest, d)
		sum += d
	}
	return largest, float64(sum) / float64(len(got.Pix))
}

// keep writes a picture for a look after a failed comparison.
func keep(t testing.TB, name string, img image.Image) {
	t.Helper()
	path := filepath.Join(t.ArtifactDir(), name+".png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	t.Logf("kept %s (run with -artifacts to find it there)", path)
}

func solid(w, h int, r, g, b uint8) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(img.Pix); i += 4 {
		copy(img.Pix[i:], []byte{r, g, b, 255})
	}
	return img
}
