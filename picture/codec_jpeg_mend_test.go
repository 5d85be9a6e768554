package picture

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// Some programs call several components by one name; libjpeg then goes by their order.
func TestComponentsOfTheSameName(t *testing.T) {
	for name, names := range map[string]string{"cmyk.jpg": "CMYC", "420.jpg": "\x01\x01\x02", "444.jpg": "\x05\x05\x05"} {
		file := testFile(t, "decode", name)
		whole, err := Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		frame, scan := bytes.Index(file, []byte{0xff, markerSOF0}), bytes.Index(file, []byte{0xff, markerSOS})
		for i := range names {
			file[frame+10+3*i], file[scan+5+2*i] = names[i], names[i]
		}
		mended, err := DecodeFile(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if largest, _ := difference(t, shallow(mended.Image), shallow(whole)); largest != 0 || mended.Warning != "" {
			t.Errorf("%s: off by %d levels, warning %q", name, largest, mended.Warning)
		}
	}
}

func TestProgressiveWithoutItsLastScan(t *testing.T) {
	file := testFile(t, "decode", "progressive.jpg")
	scans, _, _ := jpegScans(file)
	short := append(file[:scans[len(scans)-1].at:scans[len(scans)-1].at], 0xff, markerEOI)
	for want, data := range map[string][]byte{"": file, "its last scans are missing": short} {
		decoded, err := DecodeFile(data)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(decoded.Warning, want) || (decoded.Warning == "") != (want == "") {
			t.Errorf("warning %q, want %q", decoded.Warning, want)
		}
	}
}

// Some writers tell the number of lines behind the scan, too (ITU T.81, B.2.5).
func TestNumberOfLinesToldTwice(t *testing.T) {
	file := testFile(t, "decode", "420.jpg")
	whole, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	end := len(file) - 2
	got, err := DecodeFile(slices.Concat(file[:end], []byte{0xff, markerDNL, 0, 4, 0, 1}, file[end:]))
	if err != nil {
		t.Fatal(err)
	}
	if largest, _ := difference(t, shallow(got.Image), shallow(whole)); largest != 0 || got.Warning != "" {
		t.Errorf("off by %d levels, warning %q", largest, got.Warning)
	}
}

// libjpeg passes over what stands between segments.
func TestBytesBetweenSegments(t *testing.T) {
	file := testFile(t, "orient", "6.jpg")
	want, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(file, []byte{0xff, markerAPP1})
	got, err := Decode(slices.Concat(file[:at], []byte("abc\xff\x00\xff\xd0"), file[at:]))
	if err != nil {
		t.Fatal(err)
	}
	if largest, _ := difference(t, shallow(got), shallow(want)); largest != 0 {
		t.Errorf("off by %d levels", largest)
	}
}
