package picture

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

// The pixels have a checksum of their own, so that of the chunk alone is no damage.
func TestChecksumOfPixels(t *testing.T) {
	file := testFile(t, "decode", "rgb.png")
	whole, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	end := bytes.Index(file, []byte("IEND")) - 4
	file[end-1] ^= 1
	got, err := DecodeFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if largest, _ := difference(t, shallow(got.Image), shallow(whole)); largest != 0 || !strings.Contains(got.Warning, "checksum of its pixels") {
		t.Errorf("off by %d levels, warning %q", largest, got.Warning)
	}
	file[end-5] ^= 1 // of the checksum within
	if _, err := Decode(file); err == nil || !strings.Contains(err.Error(), "the file is damaged") {
		t.Errorf("error %v", err)
	}
}

// Each file differs from a strict one in what no pixel depends on.
func TestCarelessPNG(t *testing.T) {
	const (
		header  = "\x00\x00\x00\x02\x00\x00\x00\x02" // 2x2 pixels
		grey    = header + "\x08\x00\x00\x00\x00"
		indexed = header + "\x01\x03\x00\x00\x00"
		rows    = "\x00\x10\x20\x00\x30\x40"
		bits    = "\x00\x40\x00\x80"
		palette = "\x10\x20\x30\xa0\xb0\xc0"
	)
	file := func(chunks ...string) []byte {
		png := []byte(pngSignature)
		for i := 0; i < len(chunks); i += 2 {
			png = appendChunk(png, chunks[i], chunks[i+1])
		}
		return png
	}
	strictGrey := file("IHDR", grey, "tRNS", "\x00\x20", "IDAT", deflated(t, rows), "IEND", "")
	strictIndexed := file("IHDR", indexed, "PLTE", palette, "tRNS", "\x80", "IDAT", deflated(t, bits), "IEND", "")
	interlaced := file("IHDR", header+"\x08\x00\x00\x00\x01", "tRNS", "\x00\x20", "IDAT", deflated(t, "\x00\x10\x00\x20"+rows[3:]+"?"), "IEND", "")
	packed := deflated(t, rows)
	for _, c := range []struct {
		name         string
		file, strict []byte
		warning      string
	}{
		{"a byte too much", file("IHDR", grey, "tRNS", "\x00\x20", "IDAT", deflated(t, rows+"\x00"), "IEND", ""), strictGrey, "what follows its last row"},
		{"a row too much, interlaced", interlaced, strictGrey, "what follows its last row"},
		{"a checksum of pixels that is cut short", file("IHDR", grey, "tRNS", "\x00\x20", "IDAT", packed[:len(packed)-2], "IEND", ""), strictGrey, "the end of its pixels is missing"},
		{"no end mark and a byte too much", file("IHDR", grey, "tRNS", "\x00\x20", "IDAT", deflated(t, rows+"\x00")), strictGrey, "its end mark is missing; what follows"},
		{"a long transparency", file("IHDR", grey, "tRNS", "\x00\x20\x00\x30", "IDAT", packed, "IEND", ""), strictGrey, "wrong lengths"},
		{"a transparency behind the pixels", file("IHDR", grey, "IDAT", packed, "tRNS", "\x00\x20", "IEND", ""), strictGrey, "wrong lengths"},
		{"a palette of greys", file("IHDR", grey, "PLTE", palette, "tRNS", "\x00\x20", "IDAT", packed, "IEND", ""), strictGrey, "wrong lengths"},
		{"a long palette", file("IHDR", indexed, "PLTE", palette+"\x01\x02\x03", "tRNS", "\x80", "IDAT", deflated(t, bits), "IEND", ""), strictIndexed, "wrong lengths"},
		{"a palette behind its transparency", file("IHDR", indexed, "tRNS", "\x80", "PLTE", palette, "IDAT", deflated(t, bits), "IEND", ""), strictIndexed, "wrong lengths"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, err := DecodeFile(c.strict)
			if err != nil || want.Warning != "" {
				t.Fatal(err, want.Warning)
			}
			got, err := DecodeFile(c.file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.Warning, c.warning) {
				t.Errorf("warning %q", got.Warning)
			}
			if !reflect.DeepEqual(got.Image, want.Image) || !reflect.DeepEqual(got.Alpha, want.Alpha) {
				t.Errorf("%v %v, not %v %v", got.Image, got.Alpha, want.Image, want.Alpha)
			}
		})
	}
}
