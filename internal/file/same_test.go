package file

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSame(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, name := range []string{"a.png", "b.png"} {
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a.png", "link.png"); err != nil {
		t.Fatal(err)
	}
	if err := os.Link("a.png", "hard.png"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(folder, "here"); err != nil {
		t.Fatal(err)
	}
	links(t, "dangling.png", "new.png")
	tests := []struct {
		a, b string
		want bool
	}{
		{"a.png", "a.png", true},
		{"a.png", filepath.Join(folder, "a.png"), true},
		{"a.png", "./x/../a.png", false}, // x does not exist
		{"a.png", "./a.png", true},
		{"a.png", "link.png", true},
		{"a.png", "hard.png", true},
		{"a.png", "here/a.png", true},
		{"a.png", "b.png", false},
		{"a.png", "new.png", false},
		{"new.png", "a.png", false},
		{"new.png", "./new.png", true},
		{"new.png", "here/new.png", true},
		{"new.png", "other.png", false},
		{"dangling.png", "here/new.png", true},
		{"dangling.png", "other.png", false},
		{"dangling.png", "a.png", false},
		{"none/new.png", "none/new.png", true},
	}
	for _, test := range tests {
		if got := Same(test.a, test.b); got != test.want {
			t.Errorf("Same(%q, %q) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}
