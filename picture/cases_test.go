package picture

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

// The files in testdata/cases went wrong once: pictures of another colour, another
// turn or another size, and sound files that were called damaged.
func TestCases(t *testing.T) {
	tests := []struct {
		name    string
		golden  string // how it must look
		warning string
	}{
		{"v4-xrgb.bmp", "ref.png", ""},
		{"thumbnail-first.nef", "ref.png", ""},
		{"tiled-planar.tif", "ref.png", ""},
		{"fillorder2.tif", "ref.png", ""},
		{"bigtiff.tif", "", ""},
		{"g4-minisblack.tif", "", ""},
		{"orient6-long.jpg", "", ""},
		{"png-raw-profile-exif.png", "", ""},
		{"anim.webp", "", ""},
		{"rle8.bmp", "", ""},
		{"bitfields32.bmp", "", ""},
		{"iccp-badcrc.png", "", "damaged parts beside the pixels were left out (iCCP)"},
		{"no-eoi.jpg", "", "its end mark is missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, err := DecodeFile(testFile(t, "cases", test.name))
			if err != nil {
				t.Fatal(err)
			}
			if test.warning == "" != (file.Warning == "") || !strings.Contains(file.Warning, test.warning) {
				t.Errorf("warning %q, want %q", file.Warning, test.warning)
			}
			golden := cmp.Or(test.golden, "golden/"+test.name+".png")
			allowed, _ := tolerance(test.name)
			if largest, _ := difference(t, shallow(file.Image), testPicture(t, "cases", golden)); largest > allowed {
				t.Errorf("off by %d levels", largest)
				keep(t, test.name, file.Image)
			}
		})
	}
}

func TestCasesThatAreRefused(t *testing.T) {
	for name, want := range map[string]string{
		"xml.svg":   "it is an SVG drawing, which zellige does not read; export it as PNG",
		"msf1.heic": "it is a HEIC picture, which zellige does not read; export it as JPEG (on a Mac",
	} {
		_, err := DecodeFile(testFile(t, "cases", name))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", name, err, want)
		}
	}
}

// What is transparent in a mask is black, and half of it half as bright.
func TestMaskOnBlack(t *testing.T) {
	file, err := DecodeFile(testFile(t, "cases", "mask-white-on-transparent.png"))
	if err != nil {
		t.Fatal(err)
	}
	mask := file.OnBlack().(*image.NRGBA)
	w, h := mask.Rect.Dx(), mask.Rect.Dy()
	for x, want := range map[int]uint8{1: 255, w - 2: 0} {
		if got := mask.NRGBAAt(x, h/2); got != (color.NRGBA{want, want, want, 255}) {
			t.Errorf("at %d: %v, want %d", x, got, want)
		}
	}
	half := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	half.SetNRGBA(0, 0, color.NRGBA{200, 100, 0, 128})
	var data bytes.Buffer
	if err := png.Encode(&data, half); err != nil {
		t.Fatal(err)
	}
	if file, err = DecodeFile(data.Bytes()); err != nil {
		t.Fatal(err)
	}
	if got, want := file.OnBlack().At(0, 0), (color.NRGBA{100, 50, 0, 255}); got != want {
		t.Errorf("half transparent: %v, want %v", got, want)
	}
}
