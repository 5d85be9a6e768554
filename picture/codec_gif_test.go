package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"strings"
	"testing"
)

func TestGIFFrameKeepsItsPlace(t *testing.T) {
	frame := image.NewPaletted(image.Rect(2, 1, 4, 3), color.Palette{color.NRGBA{200, 0, 0, 255}})
	var file bytes.Buffer
	err := gif.EncodeAll(&file, &gif.GIF{
		Image: []*image.Paletted{frame}, Delay: []int{0},
		Config: image.Config{Width: 6, Height: 4, ColorModel: frame.Palette},
	})
	if err != nil {
		t.Fatal(err)
	}
	img, err := Decode(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for y := range 4 {
		for x := range 6 {
			want := color.NRGBA{255, 255, 255, 255}
			if image.Pt(x, y).In(frame.Rect) {
				want = color.NRGBA{200, 0, 0, 255}
			}
			if got := img.At(x, y); got != want {
				t.Errorf("at %d,%d: %v, want %v", x, y, got, want)
			}
		}
	}
	if want := image.Rect(0, 0, 6, 4); img.Bounds() != want {
		t.Errorf("bounds %v, want %v", img.Bounds(), want)
	}
}

// gifOf is a GIF file of black, red and green: blocks before the frame, its place,
// and codes for pixels of so many bits, few enough to be of one length.
func gifOf(screen image.Point, before string, place image.Rectangle, flags byte, bits int, codes ...int) []byte {
	file := []byte("GIF89a")
	word := func(v int) { file = binary.LittleEndian.AppendUint16(file, uint16(v)) }
	word(screen.X)
	word(screen.Y)
	file = append(file, "\x81\x00\x00"+"\x00\x00\x00"+"\xc8\x00\x00"+"\x00\x64\x00"+"\xff\xff\xff"+before+","...)
	word(place.Min.X)
	word(place.Min.Y)
	word(place.Dx())
	word(place.Dy())
	var packed uint64
	for i, code := range codes {
		packed |= uint64(code) << (i * (bits + 1))
	}
	file = append(file, flags, byte(bits), 8)
	return append(binary.LittleEndian.AppendUint64(file, packed), "\x00;"...)
}

// Every viewer reads these; Go's image/gif refuses most of them.
func TestGIF(t *testing.T) {
	white, black := color.NRGBA{255, 255, 255, 255}, color.NRGBA{A: 255}
	red, green := color.NRGBA{200, 0, 0, 255}, color.NRGBA{0, 100, 0, 255}
	two, column := image.Pt(2, 1), image.Rect(0, 0, 1, 5)
	tests := []struct {
		name    string
		file    []byte
		want    []color.NRGBA // row by row
		warning string
	}{
		{"plain", gifOf(two, "", image.Rectangle{Max: two}, 0, 2, 4, 1, 2, 5), []color.NRGBA{red, green}, ""},
		{"unknown extension", gifOf(two, "!*\x05Hello\x05World\x00", image.Rectangle{Max: two}, 0, 2, 4, 1, 2, 5), []color.NRGBA{red, green}, ""},
		{"blocks that end twice", gifOf(two, "!\xfe\x01x\x00\x00\x00", image.Rectangle{Max: two}, 0, 2, 4, 1, 2, 5), []color.NRGBA{red, green}, ""},
		{"transparent", gifOf(two, "!\xf9\x04\x01\x00\x00\x01\x00", image.Rectangle{Max: two}, 0, 2, 4, 1, 2, 5), []color.NRGBA{white, green}, ""},
		{"codes of 1 bit", gifOf(image.Pt(1, 1), "", image.Rect(0, 0, 1, 1), 0, 1, 2, 1, 3), []color.NRGBA{red}, ""},
		{"codes of 11 bits", gifOf(two, "", image.Rectangle{Max: two}, 0, 11, 2048, 1, 2, 2049), []color.NRGBA{red, green}, ""},
		{"without an end code", gifOf(two, "", image.Rectangle{Max: two}, 0, 2, 4, 1, 2), []color.NRGBA{red, green}, ""},
		{"a code of itself", gifOf(image.Pt(3, 1), "", image.Rect(0, 0, 3, 1), 0, 2, 4, 1, 6), []color.NRGBA{red, red, red}, ""},
		{"index beyond the palette", gifOf(two, "", image.Rectangle{Max: two}, 0, 3, 8, 1, 7, 9), []color.NRGBA{red, black}, ""},
		{"rows in four passes", gifOf(image.Pt(1, 5), "", column, 0x40, 3, 8, 0, 1, 2, 0, 1), []color.NRGBA{black, black, green, red, red}, ""},
		{"larger than its screen", gifOf(image.Pt(1, 1), "", image.Rectangle{Max: two}, 0, 2, 4, 1, 2, 5), []color.NRGBA{red, green}, ""},
		{"a part of its screen", gifOf(two, "", image.Rect(1, 0, 2, 1), 0, 2, 4, 1, 5), []color.NRGBA{white, red}, "fills only a part"},
		{"too few pixels", gifOf(two, "", image.Rectangle{Max: two}, 0, 2, 4, 1, 5), []color.NRGBA{red, white}, "its pixels end before"},
		{
			"no colours", []byte("GIF87a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x08\x04\x00\x07\x04\x04\x00;"),
			[]color.NRGBA{{3, 3, 3, 255}}, "", // as Pillow has it
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, err := DecodeFile(test.file)
			if err != nil {
				t.Fatal(err)
			}
			w := file.Image.Bounds().Dx()
			if got := w * file.Image.Bounds().Dy(); got != len(test.want) {
				t.Fatalf("%d pixels, want %d", got, len(test.want))
			}
			for i, want := range test.want {
				if got := file.Image.At(i%w, i/w); got != want {
					t.Errorf("pixel %d: %v, want %v", i, got, want)
				}
			}
			if !strings.Contains(file.Warning, test.warning) || (file.Warning == "") != (test.warning == "") {
				t.Errorf("warning %q, want %q", file.Warning, test.warning)
			}
		})
	}
}

func TestGIFRefusals(t *testing.T) {
	one := image.Rect(0, 0, 1, 1)
	for name, test := range map[string]struct {
		file []byte
		want string
	}{
		"no frame":          {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "the file is damaged"},
		"no pixels":         {gifOf(one.Max, "", one, 0, 2, 4, 1)[:33], "the file is truncated"},
		"code that is not":  {gifOf(one.Max, "", one, 0, 2, 4, 7), "the file is damaged"},
		"pixels of 0 bits":  {gifOf(one.Max, "", one, 0, 0, 4, 7), "the file is damaged"},
		"pixels of 12 bits": {gifOf(one.Max, "", one, 0, 12, 4, 7), "the file is damaged"},
	} {
		if _, err := Decode(test.file); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", name, err, test.want)
		}
	}
}

// Where Go's image/gif reads a frame, the pixels are the same.
func FuzzGIF(f *testing.F) {
	for _, name := range []string{"still.gif", "animated.gif"} {
		f.Add(testFile(f, "decode", name))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		size, err := gifSize(file)
		if err != nil || size.X*size.Y > 1<<16 {
			return
		}
		got, err := decodeGIF(file)
		want, goErr := gif.Decode(bytes.NewReader(file))
		if goErr != nil {
			return
		}
		if got == nil {
			t.Fatalf("error %v", err)
		}
		for y := want.Bounds().Min.Y; y < want.Bounds().Max.Y; y++ {
			for x := want.Bounds().Min.X; x < want.Bounds().Max.X; x++ {
				if c := color.NRGBAModel.Convert(want.At(x, y)); got.At(x, y) != c {
					t.Fatalf("at %d, %d: %v, want %v", x, y, got.At(x, y), c)
				}
			}
		}
	})
}
