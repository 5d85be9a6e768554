package file

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// links makes symbolic links, from and to in turn.
func links(t *testing.T, fromTo ...string) {
	t.Helper()
	for i := 0; i < len(fromTo); i += 2 {
		if err := os.Symlink(fromTo[i+1], fromTo[i]); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReplaceMakesWhatALinkLeadsTo(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, name := range []string{"real", "real/deep", "other"} {
		if err := os.Mkdir(name, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	links(t, "plain", "plain.new", "second", "first", "first", "other/chain.new", "absolute", filepath.Join(folder, "other", "absolute.new"),
		"elsewhere", "real/deep", "real/deep/up", "../up.new", "through", "elsewhere/up")
	for link, want := range map[string]string{
		"plain": "plain.new", "second": "other/chain.new", "absolute": "other/absolute.new", "through": "real/up.new",
	} {
		if err := Replace(link, func(w io.Writer) error { _, err := io.WriteString(w, link); return err }); err != nil {
			t.Errorf("%s: %v", link, err)
		}
		if got, err := os.ReadFile(want); string(got) != link {
			t.Errorf("%s: %s holds %q, %v", link, want, got, err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s was replaced (%v)", link, err)
		}
	}
}

func TestLinksThatLeadNowhere(t *testing.T) {
	t.Chdir(t.TempDir())
	links(t, "circle", "back", "back", "circle", "lost", "missing/file")
	for link, want := range map[string]string{"circle": "in a circle", "lost": "no such file"} {
		err := Replace(link, func(io.Writer) error { return nil })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", link, err, want)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s was replaced (%v)", link, err)
		}
	}
}
