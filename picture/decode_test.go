package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zellige/internal/shorttest"
)

// tolerance is how far a decoder of the family may be from Pillow's, in levels.
// JPEG and lossy WebP decoders differ in the rounding of the inverse DCT, which
// the colour transform enlarges.
func tolerance(name string) (largest int, mean float64) {
	switch {
	case strings.HasPrefix(name, "rare-rgb5"):
		return 1, 0.4 // Pillow rounds 31 levels to 255 down
	case strings.HasSuffix(name, ".jpg"), strings.HasPrefix(name, "rare-jpeg"), strings.HasPrefix(name, "lossy"):
		return 3, 0.08
	}
	return 0, 0
}

func TestDecodeAgreesWithPillow(t *testing.T) {
	goldens, err := filepath.Glob("testdata/golden/*.png")
	if err != nil || len(goldens) < 45 {
		t.Fatalf("found %d goldens (%v), want 45 or more", len(goldens), err)
	}
	for _, golden := range goldens {
		name := strings.TrimSuffix(filepath.Base(golden), ".png")
		t.Run(name, func(t *testing.T) {
			want := testPicture(t, "golden", name+".png")
			img, err := Read(filepath.Join("testdata", "decode", name))
			if err != nil {
				t.Fatal(err)
			}
			got := img.(*image.NRGBA)
			largest, mean := difference(t, got, want)
			if maxLargest, maxMean := tolerance(name); largest > maxLargest || mean > maxMean {
				t.Errorf("differs from Pillow by %d levels, %.4f in the mean; want at most %d, %.2f", largest, mean, maxLargest, maxMean)
				keep(t, name, got)
			}
			if !got.Opaque() {
				t.Error("is not opaque")
			}
		})
	}
}

// The same values are computed by make.py, function deep.
func deepValue(x, y, channel int) uint32 {
	return [4]uint32{
		uint32(3000*x + 7), uint32(5000*y + 11), uint32(65535 - 2000*x), uint32(65535 - 4000*y),
	}[channel]
}

func TestDecodeKeeps16Bits(t *testing.T) {
	tests := []struct {
		name     string
		channels int
	}{
		{"rgb16.png", 3},
		{"rgba16.png", 4},
		{"grey16.png", 1},
		{"grey16.tif", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			img, err := Decode(testFile(t, "decode", test.name))
			if err != nil {
				t.Fatal(err)
			}
			deep := img.(*image.NRGBA64)
			for y := range 9 {
				for x := range 13 {
					got := deep.NRGBA64At(x, y)
					for c, v := range []uint16{got.R, got.G, got.B} {
						if want := deepOnWhite(x, y, c, test.channels); max(int(v)-want, want-int(v)) > 1 {
							t.Fatalf("channel %d at %d,%d is %d, want %d", c, x, y, v, want)
						}
					}
					if got.A != 0xffff {
						t.Fatalf("alpha at %d,%d is %d, want opaque", x, y, got.A)
					}
				}
			}
		})
	}
}

func deepOnWhite(x, y, c, channels int) int {
	switch channels {
	case 1:
		return int(deepValue(x, y, 0))
	case 3:
		return int(deepValue(x, y, c))
	}
	alpha := deepValue(x, y, 3)
	return int((deepValue(x, y, c)*alpha + 65535*(65535-alpha)) / 65535)
}

// A file cut short is an error, or, where only an end mark or metadata is
// missing, the whole picture. It is never a panic or a half picture.
func TestDecodeTruncated(t *testing.T) {
	shorttest.Skip(t)
	endMarks := map[string]int{ // bytes that may be missing at the end
		"animated.gif": 700, // the second frame
		"still.gif":    3,
		"420.jpg":      2, "progressive.jpg": 2, "grey.jpg": 2, "cmyk.jpg": 2,
		"rgb.png": 24, "palette.png": 24, "rgba16.png": 24, // with the checksums of the pixels
		"rgb.bmp": 1, "palette.bmp": 3, // what fills the last row
		"lzw.tif": 10, "deflate.tif": 10, // when it was made, at which resolution
	}
	for _, name := range []string{
		"420.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg", "rgb.png", "palette.png", "rgba16.png",
		"still.gif", "animated.gif", "lossy.webp", "lossless.webp", "lossy-alpha.webp",
		"rgb.tif", "lzw.tif", "deflate.tif", "grey16.tif", "rgb.bmp", "palette.bmp",
	} {
		t.Run(name, func(t *testing.T) {
			data := testFile(t, "decode", name)
			whole, err := Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			for n := range len(data) {
				img, err := Decode(data[:n])
				if err != nil {
					continue
				}
				if missing := len(data) - n; missing > endMarks[name] {
					t.Fatalf("no error although %d of %d bytes are missing", missing, len(data))
				}
				if largest, _ := difference(t, shallow(img), shallow(whole)); largest != 0 {
					t.Fatalf("%d of %d bytes give another picture and no error", n, len(data))
				}
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	photo := testFile(t, "decode", "420.jpg")
	tests := []struct {
		name, path, want string
	}{
		{"missing", filepath.Join(folder, "none.png"), "no such file"},
		{"folder", folder, "it is a folder, not a picture"},
		{"empty", write("empty.png", nil), "the file is empty"},
		{"text", write("text.png", []byte("Dear Sir or Madam,\nça va?\n")), "begins like text); give a JPEG, PNG"},
		{"binary", write("x.png", []byte{0, 1, 2, 3, 4, 5}), "begins like no known kind of picture"},
		{"heic", write("x.jpg", []byte("\x00\x00\x00\x18ftypheic\x00\x00")), "it is a HEIC picture, which zellige does not read; export it as JPEG"},
		{"svg", write("x.svg", []byte(`<svg xmlns="">`)), "it is an SVG drawing"},
		{"svg in UTF-16", write("y.svg", []byte("\xff\xfe<\x00s\x00v\x00g\x00 \x00")), "it is an SVG drawing"},
		{"svg in Latin-1", write("z.svg", []byte("<!-- \xe9"+strings.Repeat("-", 2000)+"--><svg>")), "it is an SVG drawing"},
		{"farbfeld", write("x.ff", []byte("farbfeld\x00\x00\x00\x01")), "it is a farbfeld picture, which zellige does not read; save it as PNG"},
		{"tga", write("x.tga", []byte("\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x02\x00\x18\x00")), "it is a TGA picture"},
		{"cursor", write("x.cur", []byte("\x00\x00\x02\x00\x01\x00\x02\x02\x00\x00\x01\x00\x01\x00\x30\x01\x00\x00\x16\x00\x00\x00")), "it is a cursor (CUR)"},
		{"cr3", write("x.cr3", []byte("\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom")), "it is a Canon raw photograph, which zellige does not read; export"},
		{"lfs", write("lfs.png", []byte("version https://git-lfs.github.com/spec/v1\n")), "git lfs pull"},
		{"truncated", write("cut.jpg", photo[:len(photo)/2]), "the JPEG data ends too early; the file is truncated"},
		{"only magic", write("magic.jpg", photo[:3]), "the JPEG data ends too early"},
		{"damaged", write("bad.png", damaged(testFile(t, "decode", "rgb.png"))), "the PNG data cannot be decoded; the file is damaged"},
		{"arithmetic", write("a.jpg", withFrame(photo, 0xc9)), "the JPEG file cannot be read: its JPEG data uses arithmetic coding; save it as PNG"},
	}
	behindTheHeader := []string{"truncated", "damaged"}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			img, err := Read(test.path)
			if err == nil {
				t.Fatalf("no error but a picture of %v", img.Bounds())
			}
			got := err.Error()
			if !strings.HasPrefix(got, `read picture "`+test.path+`": `) || !strings.Contains(got, test.want) {
				t.Errorf("error %q, want the file and %q", got, test.want)
			}
			if _, err := ReadSize(test.path); (err == nil) != slices.Contains(behindTheHeader, test.name) || err != nil && err.Error() != got {
				t.Errorf("of its size %v, want %q", err, got)
			}
			if strings.Count(got, test.path) > 1 {
				t.Errorf("error %q names the file twice", got)
			}
		})
	}
}

func TestReadSize(t *testing.T) {
	read := 0
	err := filepath.WalkDir("testdata", func(path string, _ fs.DirEntry, err error) error {
		img, readErr := Read(path)
		if err != nil || readErr != nil {
			return err
		}
		read++
		if size, err := ReadSize(path); err != nil || size != img.Bounds().Size() {
			t.Errorf("%s: size %v and %v, but it is %v", path, size, err, img.Bounds())
		}
		return nil
	})
	if err != nil || read < 100 {
		t.Errorf("%d pictures, %v", read, err)
	}
}

// withFrame is a JPEG whose frame is of another kind.
func withFrame(data []byte, marker byte) []byte {
	data = bytes.Clone(data)
	data[bytes.Index(data, []byte{0xff, markerSOF0})+1] = marker
	return data
}

func damaged(data []byte) []byte {
	data = bytes.Clone(data)
	data[len(data)/2] ^= 0xff
	return data
}

func TestDecodeRefusesDeclaredSizes(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"png of 2 gigapixels", pngOfSize(t, 46341, 46341), "declares 46341x46341 pixels, more than the limit of 200 megapixels"},
		{"png overflowing", pngOfSize(t, 1<<31-1, 1<<31-1), ""},
		{"png of nothing", pngOfSize(t, 0, 5), ""},
		{"small png that says 196 megapixels", pngOfSize(t, 14000, 14000), "has only"},
		{"jpeg of 4 gigapixels", jpegOfSize(t, 65535, 65535), "limit of 200 megapixels"},
		{"small jpeg that says 196 megapixels", jpegOfSize(t, 14000, 14000), "has only"},
		{"jpeg of nothing", jpegOfSize(t, 0, 0), "at least 1"},
		{"gif of 4 gigapixels", gifOfSize(t, 65535, 65535), "limit of 200 megapixels"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			allocated := testing.AllocsPerRun(1, func() {
				_, err := Decode(test.data)
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want %q", err, test.want)
				}
			})
			if allocated > 1000 {
				t.Errorf("%v allocations", allocated)
			}
		})
	}
}

func pngOfSize(t *testing.T, w, h uint32) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, solid(3, 3, 1, 2, 3)); err != nil {
		t.Fatal(err)
	}
	data := file.Bytes()
	binary.BigEndian.PutUint32(data[16:], w)
	binary.BigEndian.PutUint32(data[20:], h)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func jpegOfSize(t *testing.T, w, h uint16) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, solid(3, 3, 1, 2, 3), nil); err != nil {
		t.Fatal(err)
	}
	data := file.Bytes()
	at := bytes.Index(data, []byte{0xff, markerSOF0})
	binary.BigEndian.PutUint16(data[at+5:], h)
	binary.BigEndian.PutUint16(data[at+7:], w)
	return data
}

func gifOfSize(t *testing.T, w, h uint16) []byte {
	t.Helper()
	data := bytes.Clone(testFile(t, "decode", "still.gif"))
	binary.LittleEndian.PutUint16(data[6:], w)
	binary.LittleEndian.PutUint16(data[8:], h)
	return data
}
