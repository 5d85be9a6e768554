package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const tagGPSDirectory = 0x8825

// row is an entry for exifBlock; an offset is counted from the block's start.
type row struct {
	tag, kind    uint16
	count, value uint32
}

// exifBlock lays directories out one behind the other from offset 8. Each one's
// link leads to the offset given for it.
func exifBlock(order binary.AppendByteOrder, links []uint32, directories ...[]row) []byte {
	b := []byte("II*\x00")
	if order.String() == binary.BigEndian.String() {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	for i, rows := range directories {
		b = order.AppendUint16(b, uint16(len(rows)))
		for _, r := range rows {
			b = order.AppendUint16(b, r.tag)
			b = order.AppendUint16(b, r.kind)
			b = order.AppendUint32(b, r.count)
			if r.kind == tiffShort {
				b = order.AppendUint16(b, uint16(r.value))
				b = append(b, 0, 0)
			} else {
				b = order.AppendUint32(b, r.value)
			}
		}
		b = order.AppendUint32(b, links[i])
	}
	return b
}

// cameraEXIF is what a telephone writes: turned, with a place and a thumbnail.
// Its four directories have 3, 3, 1 and 2 entries and lie at 8, 50, 92 and 110.
func cameraEXIF(order binary.AppendByteOrder) []byte {
	b := exifBlock(order, []uint32{110, 0, 0, 0},
		[]row{{tagOrientation, tiffShort, 1, 6}, {tagEXIFDirectory, tiffLong, 1, 50}, {tagGPSDirectory, tiffLong, 1, 92}},
		[]row{{tagColorSpace, tiffShort, 1, 0xffff}, {tagPixelWidth, tiffLong, 1, 4032}, {tagPixelHeight, tiffShort, 1, 3024}},
		[]row{{0x0006, tiffLong, 1, 1234}},
		[]row{{tagThumbnail, tiffLong, 1, 140}, {tagThumbnailLength, tiffLong, 1, 9}})
	return append(b, "THUMBNAIL"...)
}

func exifNumbers(t *testing.T, exif []byte) map[uint16]uint32 {
	t.Helper()
	f, _, first := openEXIF(exif)
	if first == nil {
		t.Fatalf("EXIF data begins with %q", exif[:min(len(exif), 8)])
	}
	numbers := map[uint16]uint32{}
	details := f.details(first)
	place, _, _ := f.tags(first.number(tagGPSDirectory, 0))
	for tag, d := range map[uint16]tiffTags{
		tagOrientation: first, tagColorSpace: details, tagPixelWidth: details, tagPixelHeight: details, 0x0006: place,
	} {
		numbers[tag] = uint32(d.number(tag, 0))
	}
	return numbers
}

func turnedJPEG(t *testing.T, exif []byte) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := encodeJPEG(&file, solid(4, 2, 9, 9, 9), Metadata{EXIF: exif}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestEXIFIsKeptUpright(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		source := turnedJPEG(t, cameraEXIF(order))
		file, err := DecodeFile(source)
		if err != nil {
			t.Fatal(err)
		}
		if got := file.Image.Bounds().Size(); got != image.Pt(2, 4) {
			t.Errorf("%v: the picture is %v, want it turned", order, got)
		}
		for _, name := range []string{"a.jpg", "a.png"} {
			path := filepath.Join(t.TempDir(), name)
			if err := WriteWith(path, solid(20, 40, 1, 2, 3), Metadata{EXIF: file.EXIF}); err != nil {
				t.Fatal(err)
			}
			back, err := ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := back.Image.Bounds().Size(); got != image.Pt(20, 40) {
				t.Errorf("%v %s: comes back as %v, want it not turned again", order, name, got)
			}
			got := exifNumbers(t, back.EXIF)
			want := map[uint16]uint32{tagOrientation: 1, tagColorSpace: 1, tagPixelWidth: 20, tagPixelHeight: 40, 0x0006: 1234}
			for tag, v := range want {
				if got[tag] != v {
					t.Errorf("%v %s: tag %#x is %d, want %d", order, name, tag, got[tag], v)
				}
			}
		}
	}
}

func TestEXIFThumbnailIsDropped(t *testing.T) {
	kept := keepEXIF(cameraEXIF(binary.LittleEndian))
	if len(kept) == 0 || bytes.Contains(kept, []byte("THUMB")) {
		t.Errorf("EXIF %q, want it without the thumbnail", kept)
	}
	inTheMiddle := append(cameraEXIF(binary.BigEndian), "more"...)
	if kept := keepEXIF(inTheMiddle); len(kept) != len(inTheMiddle) || bytes.Contains(kept, []byte("THUMB")) {
		t.Errorf("EXIF %q, want the thumbnail wiped and all else in its place", kept)
	}
}

// Write alone leaves no trace of where a photograph was taken.
func TestWriteStripsMetadata(t *testing.T) {
	file, err := DecodeFile(turnedJPEG(t, cameraEXIF(binary.LittleEndian)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.jpg", "a.png", "a.tif"} {
		path := filepath.Join(t.TempDir(), name)
		if err := Write(path, file.Image); err != nil {
			t.Fatal(err)
		}
		if back, err := ReadFile(path); err != nil || back.EXIF != nil {
			t.Errorf("%s: EXIF %q, error %v; want none", name, back.EXIF, err)
		}
	}
}

// turnedBy is the orientation that EXIF data tells.
func turnedBy(exif []byte) int {
	angle, _ := (metadata{exif: exif}).orientation()
	return angle
}

func TestDamagedEXIF(t *testing.T) {
	whole := cameraEXIF(binary.LittleEndian)
	for n := range whole {
		if kept := keepEXIF(whole[:n]); kept != nil && turnedBy(kept) != 1 {
			t.Errorf("of %d bytes: %q is kept, turned", n, kept)
		}
	}
	for name, exif := range map[string][]byte{
		"nothing":    nil,
		"no TIFF":    []byte("Exif and so on"),
		"no entries": exifBlock(binary.LittleEndian, []uint32{0}, nil),
		"too large":  append(bytes.Clone(whole), make([]byte, maxEXIFBytes)...),
	} {
		if kept := keepEXIF(exif); kept != nil {
			t.Errorf("%s: %d bytes are kept", name, len(kept))
		}
	}
}

// Directories that lead back to themselves must not hang anybody.
func TestCyclicDirectories(t *testing.T) {
	cyclic := exifBlock(binary.LittleEndian, []uint32{8},
		[]row{{tagEXIFDirectory, tiffLong, 1, 8}, {tagGPSDirectory, tiffLong, 1, 8}, {0x014a, tiffLong, 1, 8}})
	file, err := DecodeFile(turnedJPEG(t, cyclic))
	if err != nil || file.Image.Bounds().Size() != image.Pt(4, 2) {
		t.Errorf("JPEG with cyclic EXIF: %v", err)
	}
	if _, err := Decode(cyclic); err == nil {
		t.Error("a TIFF file of cyclic directories and no picture gives no error")
	}
	tiff := testFile(t, "decode", "rgb.tif")
	first := binary.LittleEndian.Uint32(tiff[4:])
	end := first + 2 + 12*uint32(binary.LittleEndian.Uint16(tiff[first:]))
	binary.LittleEndian.PutUint32(tiff[end:], first)
	got, err := Decode(tiff)
	if err != nil {
		t.Fatal(err)
	}
	if largest, _ := difference(t, got.(*image.NRGBA), testPicture(t, "golden", "rgb.tif.png")); largest > 0 {
		t.Errorf("differs by %d levels", largest)
	}
}

func TestWriteEXIFTooLargeForJPEG(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jpg")
	err := WriteWith(path, solid(1, 1, 0, 0, 0), Metadata{EXIF: make([]byte, maxEXIFBytes+1)})
	if err == nil || !strings.Contains(err.Error(), "JPEG allows 65527") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file is left behind")
	}
}

// What is kept is upright, no larger than its source and fits every format.
func FuzzEXIF(f *testing.F) {
	f.Add(cameraEXIF(binary.LittleEndian))
	f.Add(cameraEXIF(binary.BigEndian))
	f.Fuzz(func(t *testing.T, exif []byte) {
		before := bytes.Clone(exif)
		kept := keepEXIF(exif)
		if !bytes.Equal(before, exif) {
			t.Fatal("the source was changed")
		}
		if len(kept) > len(exif) || kept != nil && turnedBy(kept) != 1 {
			t.Fatalf("%d of %d bytes kept, orientation %d", len(kept), len(exif), turnedBy(kept))
		}
		sized := sizedEXIF(kept, 70000, 3)
		if len(sized) != len(kept) || turnedBy(sized) != 1 {
			t.Fatalf("sized: %d of %d bytes, orientation %d", len(sized), len(kept), turnedBy(sized))
		}
	})
}
