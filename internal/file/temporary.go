package file

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// Temporary files are named by temporaryName, and so are no others.
const temporaryName = ".zellige-%016x.tmp"

var isTemporary = regexp.MustCompile(`^\.zellige-[0-9a-f]{16}\.tmp$`).MatchString

// abandonedAfter is much longer than writing a file takes.
const abandonedAfter = 24 * time.Hour

// createTemp is os.CreateTemp with the permissions of an ordinary new file;
// os.CreateTemp makes files that only their owner may read.
func createTemp(folder string) (*os.File, error) {
	for {
		name := filepath.Join(folder, fmt.Sprintf(temporaryName, rand.Uint64()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// removeAbandoned removes the temporary files of a folder that a killed process
// left. A living one that is robbed of its file all the same, because the clock
// jumped, loses no picture: writing fails, as it does on a full disk. What cannot
// be removed does no harm.
func removeAbandoned(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && isTemporary(e.Name()) && info.Mode().IsRegular() && time.Since(info.ModTime()) > abandonedAfter {
			_ = os.Remove(filepath.Join(folder, e.Name()))
		}
	}
}
