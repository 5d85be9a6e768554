package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The pictures and what Little CMS makes of them are made by testdata/make_profiles.py.
func TestProfilesAgreeWithLittleCMS(t *testing.T) {
	tests := []struct {
		name, profile string
		largest       int // in levels of 255; the decoders of JPEG differ as well
		mean          float64
	}{
		{"p3.jpg", "P3", 4, 0.2},
		{"p3-split.jpg", "P3", 4, 0.2},
		{"p3.png", "P3", 1, 0.05},
		{"p3.webp", "P3", 1, 0.05},
		{"p3-palette.png", "P3", 1, 0.05},
		{"adobe.png", "Like Adobe RGB", 1, 0.05},
		{"adobe-clear.png", "Like Adobe RGB", 1, 0.05},
		{"adobe.tif", "Like Adobe RGB", 1, 0.05},
		{"prophoto.png", "ProPhoto", 1, 0.05},
		{"linear.png", "Linear", 1, 0.05},
		{"srgb.png", "", 1, 0.05},
		{"grey.png", "Grey gamma 1.8", 1, 0.05},
		{"grey.jpg", "Grey gamma 1.8", 3, 0.2},
		{"inks.jpg", "Inks", 10, 0.1}, // Little CMS resamples tables, which shows near the border of sRGB
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, err := ReadFile(filepath.Join("testdata", "profile", test.name))
			if err != nil {
				t.Fatal(err)
			}
			if file.Profile != test.profile || file.Warning != "" {
				t.Errorf("profile %q, warning %q; want %q and none", file.Profile, file.Warning, test.profile)
			}
			want := testPicture(t, "profile", "golden-"+test.name+".png")
			largest, mean := difference(t, file.Image.(*image.NRGBA), want)
			t.Logf("at most %d levels, %.4f in the mean", largest, mean)
			if largest > test.largest || mean > test.mean {
				t.Errorf("differs from Little CMS by %d levels, %.3f in the mean; want at most %d, %.2f", largest, mean, test.largest, test.mean)
			}
		})
	}
}

func testProfile(t testing.TB, name string) []byte {
	t.Helper()
	meta := pngMetadata(testFile(t, "profile", name))
	if len(meta.icc) == 0 {
		t.Fatalf("%s has no profile", name)
	}
	return meta.icc
}

// A profile holds for both depths, so both must give the same colours.
func TestProfile16Bits(t *testing.T) {
	p, err := readProfile(testProfile(t, "p3.png"))
	if err != nil {
		t.Fatal(err)
	}
	shallowIn := image.NewNRGBA(image.Rect(0, 0, 64, 1))
	deepIn := image.NewNRGBA64(shallowIn.Rect)
	for x := range 64 {
		c := color.NRGBA{uint8(4 * x), uint8(255 - 3*x), uint8(7 * x), uint8(255 - x)}
		shallowIn.SetNRGBA(x, 0, c)
		deepIn.SetNRGBA64(x, 0, color.NRGBA64{257 * uint16(c.R), 257 * uint16(c.G), 257 * uint16(c.B), 257 * uint16(c.A)})
	}
	want, err := p.convert(shallowIn)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.convert(deepIn)
	if err != nil {
		t.Fatal(err)
	}
	if largest, _ := difference(t, shallow(got), want.(*image.NRGBA)); largest > 0 {
		t.Errorf("16 bits differ from 8 by %d levels", largest)
	}
	if shallowIn.NRGBAAt(1, 0).R != 4 {
		t.Error("the source was changed")
	}
}

// What cannot be used leaves the picture as it is, and says so.
func TestUnusableProfiles(t *testing.T) {
	p3, grey := testProfile(t, "p3.png"), testProfile(t, "grey.png")
	cmyk := jpegMetadata(testFile(t, "profile", "inks.jpg")).icc
	put := func(data []byte, at int, v uint32) []byte {
		data = bytes.Clone(data)
		binary.BigEndian.PutUint32(data[at:], v)
		return data
	}
	curve := bytes.Index(grey, []byte("curv"))
	table := bytes.Index(cmyk, []byte("mft2"))
	tests := []struct {
		name string
		icc  []byte
		want string
	}{
		{"empty", []byte{}, "damaged"},
		{"no profile", bytes.Repeat([]byte("x"), 300), "damaged"},
		{"truncated", p3[:len(p3)-9], "damaged"},
		{"four billion tags", put(p3, headerEnd, 1<<32-1), "damaged"},
		{"tag beyond the end", put(p3, headerEnd+8, 1<<32-1), "damaged"},
		{"tag in the header", put(p3, headerEnd+8, 4), "damaged"},
		{"four billion points", put(grey, curve+8, 1<<32-1), "limit is 4096"},
		{"four billion points behind reserved bytes that are not 0", put(put(grey, curve+8, 1<<32-1), curve+4, 1), "limit is 4096"},
		{"four billion points of Monaco's", put(put(grey, curve+8, 1<<32-1), curve, 0x9478ee00), "limit is 4096"},
		{"table of many channels", put(cmyk, table+8, 0xffff0500), "limit is 4"},
		{"table of many points", put(cmyk, table+48, 1<<32-1), "limit is 4096"},
		{"table larger than the file", put(cmyk, table+8, 0x0403ff00), "it is damaged or of a rare kind"},
		{"too large", append(bytes.Clone(p3), make([]byte, maxProfileBytes)...), "limit is 8388608"},
		{"of paper", put(p3, 16, binary.BigEndian.Uint32([]byte("Lab "))), "it describes other colours"},
		{"for grey", grey, "it is for grey pictures, and this is none"},
		{"for inks", cmyk, "it is for CMYK pictures, and this is none"},
	}
	img := solid(2, 2, 200, 100, 50)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, name, err := toSRGB(img, metadata{icc: test.icc})
			if got != image.Image(img) || name != "" || err == nil {
				t.Fatalf("%v, %q, %v; want the picture itself and an error", got.Bounds(), name, err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %q, want %q", err, test.want)
			}
		})
	}
}

// Old photographs have profiles whose types have names of their writers' own, and
// reserved bytes that are not 0.
func TestProfileOfCorbis(t *testing.T) {
	plain := testProfile(t, "adobe.png")
	odd := bytes.ReplaceAll(plain, []byte("XYZ \x00\x00\x00\x00"), []byte("\x17\xa5\x05\xb8\x00\x26\xe0\x64"))
	odd = bytes.ReplaceAll(odd, []byte("curv\x00\x00\x00\x00"), []byte("\x94\x78\xee\x00\x00\x26\xe0\x64"))
	if bytes.Count(odd, []byte("\x00\x26\xe0\x64")) < 4 {
		t.Fatal("the profile has no such tags to rename")
	}
	img := solid(2, 2, 200, 100, 50)
	want, _, err := toSRGB(img, metadata{icc: plain})
	if err != nil {
		t.Fatal(err)
	}
	got, name, err := toSRGB(img, metadata{icc: odd})
	if err != nil || name != "Like Adobe RGB" || got.At(0, 0) != want.At(0, 0) {
		t.Errorf("%v, %q, %v; want %v", got.At(0, 0), name, err, want.At(0, 0))
	}
}

func TestCICPOverrulesTheProfile(t *testing.T) {
	plain := testFile(t, "profile", "p3.png")
	for code, warns := range map[string]bool{"\x01\x0d\x00\x01": false, "\x09\x10\x00\x01": true, "\x01": true} {
		file, err := DecodeFile(insertChunks(plain, appendChunk(nil, "cICP", code)))
		if err != nil {
			t.Fatal(err)
		}
		if (file.Warning != "") != warns || file.Profile != "" {
			t.Errorf("cICP %q: profile %q, warning %q", code, file.Profile, file.Warning)
		}
	}
}

// A few kilobytes of an iCCP chunk can unpack to gigabytes.
func TestProfileBomb(t *testing.T) {
	bomb := pngWith(t, "iCCP", "x\x00\x00"+deflated(t, strings.Repeat("\x00", maxProfileBytes+1)))
	file, err := DecodeFile(bomb)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(file.Warning, "colour profile cannot be used") {
		t.Errorf("warning %q", file.Warning)
	}
}

// Any bytes give a conversion or an error, soon and without a panic.
func FuzzProfile(f *testing.F) {
	files, err := filepath.Glob("testdata/profile/[a-f,h-z]*")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds")
	}
	for _, name := range append(files, "testdata/profile/grey.png") {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		kind, _ := sniff(data)
		f.Add(kind.meta(data).icc)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		pictures := []image.Image{solid(2, 2, 1, 200, 3), image.NewGray16(image.Rect(0, 0, 2, 1)), image.NewCMYK(image.Rect(0, 0, 2, 1))}
		for _, img := range pictures {
			got, _, err := toSRGB(img, metadata{icc: data})
			if got.Bounds() != img.Bounds() || err != nil && got != img {
				t.Fatalf("%T of %v, error %v", got, got.Bounds(), err)
			}
		}
	})
}

// Colours that share a slot must not get each other's conversion.
func TestMemo(t *testing.T) {
	calls := 0
	m := newMemo(func(p [4]byte) [3]byte {
		calls++
		return [3]byte{p[0] ^ 1, p[1] ^ p[3], p[2] ^ 3}
	})
	pixel := func(i uint32) (p [4]byte) {
		binary.LittleEndian.PutUint32(p[:], i*i*2246822519)
		return p
	}
	const n = 3 << memoBits // more than there are slots
	for i := range uint32(n) {
		p := pixel(i)
		for range 2 {
			if got, want := m.of(p), [3]byte{p[0] ^ 1, p[1] ^ p[3], p[2] ^ 3}; got != want {
				t.Fatalf("pixel %v gives %v, want %v", p, got, want)
			}
		}
	}
	if calls > n+1 {
		t.Errorf("%d calls for %d pixels that each come twice", calls, n)
	}
}
