package picture

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEncodeIsWhatWriteWrites(t *testing.T) {
	img := solid(9, 7, 200, 100, 50)
	for i, ending := range []string{".png", ".jpg", ".tif"} {
		path := filepath.Join(t.TempDir(), "a"+ending)
		if err := Write(path, img); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := Encode(&got, Formats()[i], img, Metadata{}); err != nil || !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s: %v, %d bytes, want those of the file (%d)", Formats()[i], err, got.Len(), len(want))
		}
	}
}

func TestCheckFormat(t *testing.T) {
	for _, tt := range []struct {
		format   string
		features []Feature
		want     string
	}{
		{"png", []Feature{SixteenBits, Transparency}, ""},
		{"tiff", []Feature{SixteenBits, Transparency}, ""},
		{"jpeg", nil, ""},
		{"jpeg", []Feature{SixteenBits}, "JPEG cannot hold 16 bits"},
		{"jpg", nil, `unknown format "jpg"; give png, jpeg or tiff`},
		{"", nil, "unknown format"},
	} {
		err := CheckFormat(tt.format, tt.features...)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: error %v, want %q", tt.format, err, tt.want)
		}
	}
}

func TestReadStream(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.png")
	if err := Write(path, solid(300, 200, 1, 2, 3)); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ReadStream(bytes.NewReader(want)); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %v; want %d", len(got), err, len(want))
	}
	for _, text := range []string{"", "this is no picture"} {
		if _, err := ReadStream(strings.NewReader(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
