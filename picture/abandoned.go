package picture

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// temporaryPattern matches the names of temporary files, and temporaryName makes one.
const (
	temporaryPattern = ".zellige-????????????????.tmp"
	temporaryName    = ".zellige-%016x.tmp"
)

// temporary is a file that its process holds while it writes there, so that other
// processes can tell it from one that a killed process left behind.
type temporary struct {
	*os.File
	hold *os.File // nil where files cannot be held
}

// createTemp is os.CreateTemp with the permissions of an ordinary new file;
// os.CreateTemp makes files that only their owner may read.
func createTemp(folder string) (*temporary, error) {
	for {
		name := filepath.Join(folder, fmt.Sprintf(temporaryName, rand.Uint64()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		t := &temporary{File: f}
		var lost bool
		if t.hold, lost = holdFile(name); !lost {
			return t, nil
		}
		_ = f.Close() // it is gone: taken for abandoned before it was held
	}
}

// release lets others have the file, which has been closed and renamed, or not.
func (t *temporary) release() {
	_ = os.Remove(t.Name()) // in vain once renamed
	if t.hold != nil {
		_ = t.hold.Close()
	}
}

// removeAbandoned removes the temporary files of a folder that no living process
// holds. What cannot be removed does no harm.
func removeAbandoned(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if ok, _ := filepath.Match(temporaryPattern, e.Name()); ok && e.Type().IsRegular() {
			removeIfAbandoned(filepath.Join(folder, e.Name()))
		}
	}
}
