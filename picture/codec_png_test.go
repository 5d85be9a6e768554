package picture

import (
	"bytes"
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
