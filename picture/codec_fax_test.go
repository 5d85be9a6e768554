package picture

import (
	"bytes"
	"testing"

	"golang.org/x/image/ccitt"
)

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
		if faxKind(kind%4) != faxGroup4 {
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
