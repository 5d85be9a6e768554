package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"path/filepath"
	"slices"
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

// Whole numbers of any type are followed; that some programs pass over bytes is told.
func TestOrientationOfEveryType(t *testing.T) {
	photo := testFile(t, "decode", "420.jpg")
	unturned, err := Decode(photo)
	if err != nil {
		t.Fatal(err)
	}
	size := unturned.Bounds().Size()
	for kind, isOdd := range map[uint16]bool{1: true, 3: false, 4: false, 6: false, 7: true, 8: false, 9: false} {
		for orientation, wantSize := range map[uint32]image.Point{1: size, 6: image.Pt(size.Y, size.X)} {
			block := exifBlock(binary.LittleEndian, []uint32{0}, []row{{tagOrientation, kind, 1, orientation}})
			segment := binary.BigEndian.AppendUint16([]byte{0xff, markerAPP1}, uint16(2+len(exifHeader)+len(block)))
			file, err := DecodeFile(slices.Concat(photo[:2], segment, exifHeader, block, photo[2:]))
			if err != nil {
				t.Fatal(err)
			}
			if got := file.Image.Bounds().Size(); got != wantSize {
				t.Errorf("type %d, orientation %d: size %v, want %v", kind, orientation, got, wantSize)
			}
			if isTold := file.Warning != ""; isTold != (isOdd && orientation != 1) {
				t.Errorf("type %d, orientation %d: warning %q", kind, orientation, file.Warning)
			}
		}
	}
}

// Where there is no EXIF orientation, XMP's counts, as in Pillow.
func TestOrientationOfXMP(t *testing.T) {
	for xmp, want := range map[string]int{
		`<rdf:Description tiff:Orientation="6" x="1">`: 6,
		`<tiff:Orientation>3</tiff:Orientation>`:       3,
		`<tiff:Orientation> 8 </tiff:Orientation>`:     8,
		`<tiff:Orientation>9</tiff:Orientation>`:       1,
		`<tiff:Orientation>12</tiff:Orientation>`:      1,
		`<x tiff:OrientationOfSensor="6">`:             1,
	} {
		if got, _ := (metadata{xmp: []byte(xmp)}).orientation(); got != want {
			t.Errorf("%s: %d, want %d", xmp, got, want)
		}
	}
	told := exifBlock(binary.LittleEndian, []uint32{0}, []row{{tagOrientation, tiffLong, 1, 3}})
	if got, _ := (metadata{exif: told, xmp: []byte(`tiff:Orientation="6"`)}).orientation(); got != 3 {
		t.Errorf("EXIF beside XMP: %d, want 3", got)
	}
}

// The XMP of each format is looked at.
func TestOrientationOfXMPInFiles(t *testing.T) {
	xmp := `<x tiff:Orientation="6"/>`
	photo := testFile(t, "decode", "420.jpg")
	segment := binary.BigEndian.AppendUint16([]byte{0xff, markerAPP1}, uint16(2+29+len(xmp)))
	segment = append(segment, "http://ns.adobe.com/xap/1.0/\x00"+xmp...)
	webp := testFile(t, "decode", "lossless.webp")
	webp = append(bytes.Clone(webp), riffChunk("XMP ", []byte(xmp))...)
	for name, file := range map[string][]byte{
		"jpeg": slices.Concat(photo[:2], segment, photo[2:]),
		"png":  insertChunks(testFile(t, "decode", "rgb.png"), appendChunk(nil, "iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmp)),
		"webp": webp,
	} {
		kind, _ := sniff(file)
		if got, _ := kind.meta(file).orientation(); got != 6 {
			t.Errorf("%s: %d, want 6", name, got)
		}
	}
}
