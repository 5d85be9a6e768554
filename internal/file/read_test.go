package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadRegular(t *testing.T) {
	folder := t.TempDir()
	ten := filepath.Join(folder, "ten")
	if err := os.WriteFile(ten, []byte("0123456789"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadRegular(ten, 10); err != nil || string(got) != "0123456789" {
		t.Errorf("read %q, error %v", got, err)
	}
	tests := []struct {
		path string
		want string
	}{
		{ten + "?", "no such file"},
		{folder, "it is a folder"},
		{ten, "larger than 9 bytes"},
		{os.DevNull, "not a regular file"},
	}
	for _, test := range tests {
		if _, err := ReadRegular(test.path, 9); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.path, err, test.want)
		}
	}
}
