//go:build unix

package picture

import "testing"

// A mistaken device is refused by its first bytes; reading it whole would not end.
func TestReadDevice(t *testing.T) {
	if _, err := Read("/dev/zero"); err == nil {
		t.Error("no error for /dev/zero")
	}
}
