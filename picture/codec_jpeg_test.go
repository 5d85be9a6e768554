package picture

import (
	"strings"
	"testing"
)

// Files are sound though image/jpeg does not read them, and are not called damaged.
func TestRefusedJPEG(t *testing.T) {
	for name, want := range map[string]string{
		"progressive-restart.jpg": "it has restart markers in scans of one colour, as a few progressive files have; save it as PNG",
		"cmyk-coarse.jpg":         "or they are subsampled in a rare way; save it as PNG",
	} {
		_, err := DecodeFile(testFile(t, "refused", name))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", name, err, want)
		}
	}
}
