package picture

import (
	"bytes"
	"image"
	"image/color"
	"path/filepath"
	"strings"
	"testing"
)

func TestAlphaIsKept(t *testing.T) {
	for _, name := range []string{
		"rgba.png", "rgba16.png", "grey-alpha.png", "palette-transparent.png",
		"transparent.gif", "lossless-alpha.webp", "lossy-alpha.webp", "rgba.tif",
	} {
		t.Run(name, func(t *testing.T) {
			data := testFile(t, "decode", name)
			kind, _ := sniff(data)
			source, _, err := decodePixels(kind, data)
			if err != nil {
				t.Fatal(err)
			}
			file, err := DecodeFile(data)
			if err != nil || file.Alpha == nil {
				t.Fatalf("alpha %v, error %v", file.Alpha, err)
			}
			for _, ending := range []string{".png", ".tif"} {
				path := filepath.Join(t.TempDir(), "a"+ending)
				if err := Write(path, WithAlpha(file.Image, file.Alpha)); err != nil {
					t.Fatal(err)
				}
				back, err := ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				sameAlpha(t, back.Alpha, source)
			}
		})
	}
}

func sameAlpha(t *testing.T, got *image.Alpha16, want image.Image) {
	t.Helper()
	if got == nil || got.Rect != want.Bounds() {
		t.Fatalf("alpha is %v, want bounds %v", got, want.Bounds())
	}
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			_, _, _, a := want.At(x, y).RGBA()
			if got.Alpha16At(x, y).A != uint16(a) {
				t.Fatalf("alpha at %d,%d is %d, want %d", x, y, got.Alpha16At(x, y).A, a)
			}
		}
	}
}

func TestOpaqueFilesHaveNoAlpha(t *testing.T) {
	for _, name := range []string{"rgb.png", "420.jpg", "rgb16.png", "still.gif", "cmyk.jpg"} {
		file, err := ReadFile(filepath.Join("testdata", "decode", name))
		if err != nil {
			t.Fatal(err)
		}
		if file.Alpha != nil {
			t.Errorf("%s has an alpha plane", name)
		}
		if want := map[string]int{"rgb16.png": 16}[name]; want != 0 && file.Depth != want || want == 0 && file.Depth != 8 {
			t.Errorf("%s has depth %d", name, file.Depth)
		}
	}
}

func TestWithAlphaResizes(t *testing.T) {
	alpha := image.NewAlpha16(image.Rect(0, 0, 20, 10))
	for y := range 10 {
		for x := range 10 { // the left half can be seen
			alpha.SetAlpha16(x, y, color.Alpha16{0xffff})
		}
	}
	for _, img := range []image.Image{solid(40, 30, 7, 8, 9), image.NewNRGBA64(image.Rect(0, 0, 7, 5))} {
		got := WithAlpha(img, alpha)
		b := img.Bounds()
		if got.Bounds() != b {
			t.Fatalf("bounds %v, want %v", got.Bounds(), b)
		}
		_, _, _, left := got.At(0, b.Dy()/2).RGBA()
		_, _, _, right := got.At(b.Dx()-1, b.Dy()/2).RGBA()
		if left != 0xffff || right != 0 {
			t.Errorf("%T: opacity is %#x on the left and %#x on the right", img, left, right)
		}
	}
	if c := WithAlpha(solid(40, 30, 7, 8, 9), alpha).(*image.NRGBA).NRGBAAt(39, 0); c != (color.NRGBA{7, 8, 9, 0}) {
		t.Errorf("the colour below is %v, want it kept", c)
	}
}

// The plane must turn with the picture.
func TestAlphaIsUpright(t *testing.T) {
	alpha := image.NewAlpha16(image.Rect(0, 0, 2, 1))
	alpha.SetAlpha16(1, 0, color.Alpha16{500})
	got := uprightAlpha(alpha, 6)
	if got.Rect != image.Rect(0, 0, 1, 2) || got.Alpha16At(0, 1).A != 500 || got.Alpha16At(0, 0).A != 0 {
		t.Errorf("turned to %v %v", got.Rect, got.Pix)
	}
	if uprightAlpha(nil, 6) != nil {
		t.Error("no plane became one")
	}
}

func TestPaletteAlphaBeyondThePalette(t *testing.T) {
	src := image.NewPaletted(image.Rect(0, 0, 2, 1), color.Palette{color.NRGBA{1, 2, 3, 0}})
	src.Pix[1] = 200
	alpha := alphaOf(src)
	if alpha.Alpha16At(0, 0).A != 0 || alpha.Alpha16At(1, 0).A != 0xffff {
		t.Errorf("alpha %v", alpha.Pix)
	}
}

func TestCheckOutputFeatures(t *testing.T) {
	folder := t.TempDir()
	tests := []struct {
		name    string
		feature Feature
		want    string
	}{
		{"a.jpg", Transparency, "JPEG cannot hold transparency; give .png or .tif"},
		{"a.JPEG", SixteenBits, "JPEG cannot hold 16 bits per channel; give .png or .tif"},
		{"a.png", Transparency, ""},
		{"a.png", SixteenBits, ""},
		{"a.tif", Transparency, ""},
		{"a.TIFF", SixteenBits, ""},
	}
	for _, test := range tests {
		err := CheckOutput(filepath.Join(folder, test.name), test.feature)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s, feature %d: error %v, want %q", test.name, test.feature, err, test.want)
		}
	}
}

// A lossless WebP may say that its opacity means nothing, whatever it is.
func TestAlphaThatMeansNothing(t *testing.T) {
	webp := bytes.Clone(testFile(t, "decode", "lossless-alpha.webp"))
	used := &webp[bytes.Index(webp, []byte("VP8L"))+8+4]
	for _, want := range []bool{true, false} {
		file, err := DecodeFile(webp)
		if err != nil {
			t.Fatal(err)
		}
		if got := file.Alpha != nil; got != want {
			t.Errorf("it is transparent: %v, want %v", got, want)
		}
		*used &^= alphaIsUsed
	}
}
