package picture

import (
	"bytes"
	"slices"
	"testing"

	"golang.org/x/image/ccitt"
)

// Some writers begin a row with no white and no black pixels, and the row below passes
// over these.
func TestRunsOfNoPixels(t *testing.T) {
	codes := "001 00110101 0000110111  001 0111 10  1" + "0001  001 000111 11  1"
	packed, n := make([]byte, 8), 0
	for _, bit := range codes {
		if bit != ' ' {
			packed[n/8] |= byte(bit-'0') << (7 - n%8)
			n++
		}
	}
	got, damaged := unpackFax(packed, faxGroup4, 8, 2)
	if want := []byte{0b00111000, 0b01100000}; damaged || !bytes.Equal(got, want) {
		t.Errorf("%08b, damaged: %v; want %08b", got, damaged, want)
	}
}

// Any bytes give at most the rows asked for, and where golang.org/x/image/ccitt can
// read a Group 4 picture, the same pixels.
func FuzzFax(f *testing.F) {
	for _, name := range []string{"rare-g3-1d.tif", "rare-g3-2d.tif", "rare-huffman.tif", "rare-g4.tif"} {
		f.Add(testFile(f, "decode", name)[8:], uint8(3), uint16(61), uint8(43))
	}
	f.Fuzz(func(t *testing.T, packed []byte, kind uint8, w uint16, h uint8) {
		if w == 0 {
			return
		}
		got, damaged := unpackFax(packed, faxKind(kind%4), int(w), int(h))
		row := (int(w) + 7) / 8
		if len(got)%row != 0 || len(got) > row*int(h) {
			t.Fatalf("%d bytes for %d rows of %d", len(got), h, row)
		}
		if faxKind(kind%4) != faxGroup4 || hasEmptyRuns(packed, int(w), int(h)) {
			return
		}
		r := ccitt.NewReader(bytes.NewReader(packed), ccitt.MSB, ccitt.Group4, int(w), int(h), &ccitt.Options{Invert: true})
		want := make([]byte, row*int(h))
		if n, _ := r.Read(want); n < len(want) {
			return // it is damaged, or its end mark is wrong
		}
		if !bytes.Equal(got, want) || damaged {
			t.Errorf("%d x %d: other pixels than golang.org/x/image/ccitt", w, h)
		}
	})
}

// hasEmptyRuns tells whether a picture has runs that libtiff counts and ccitt does not.
func hasEmptyRuns(packed []byte, w, h int) bool {
	f := fax{faxTables: faxCodes(), kind: faxGroup4, width: w, packed: packed}
	for range h {
		f.row()
		if len(slices.Compact(slices.Clone(f.changes))) < len(f.changes) {
			return true
		}
	}
	return false
}
