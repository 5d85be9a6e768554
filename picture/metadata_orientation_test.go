package picture

import (
	"fmt"
	"image"
	"path/filepath"
	"testing"
)

// Every file holds the same pixels and another EXIF orientation; the goldens
// are Pillow's ImageOps.exif_transpose.
func TestReadSetsUpright(t *testing.T) {
	for o := 1; o <= 8; o++ {
		want := testPicture(t, "orient", fmt.Sprintf("golden-%d.png", o))
		for _, ending := range []string{"png", "jpg", "webp", "tif"} {
			name := fmt.Sprintf("%d.%s", o, ending)
			t.Run(name, func(t *testing.T) {
				img, err := Read(filepath.Join("testdata", "orient", name))
				if err != nil {
					t.Fatal(err)
				}
				largest, mean := difference(t, img.(*image.NRGBA), want)
				if ending != "jpg" && largest > 0 || mean > 3 {
					t.Errorf("differs by %d levels, %.2f in the mean", largest, mean)
				}
			})
		}
	}
}

func TestUpright16Bits(t *testing.T) {
	src := image.NewNRGBA64(image.Rect(0, 0, 2, 1))
	for i := range src.Pix {
		src.Pix[i] = byte(i)
	}
	got := upright(src, 6).(*image.NRGBA64)
	if want := image.Rect(0, 0, 1, 2); got.Rect != want {
		t.Fatalf("bounds %v, want %v", got.Rect, want)
	}
	if got.NRGBA64At(0, 0) != src.NRGBA64At(0, 0) || got.NRGBA64At(0, 1) != src.NRGBA64At(1, 0) {
		t.Errorf("pixels %v, want those of %v below each other", got.Pix, src.Pix)
	}
}

func TestDamagedMetadataIsIgnored(t *testing.T) {
	data := testFile(t, "orient", "6.jpg")
	want := testPicture(t, "orient", "golden-1.png")
	broken := append([]byte(nil), data...)
	for i := range 12 { // the TIFF header inside the EXIF segment
		broken[30+i] = 0xee
	}
	img, err := Decode(broken)
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != want.Bounds() {
		t.Errorf("bounds %v, want the unturned %v", img.Bounds(), want.Bounds())
	}
}
