package picture

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Feature is something that not every format can hold.
type Feature int

const (
	Transparency Feature = iota // parts one can see through
	SixteenBits                 // more than 8 bits per channel
)

// CheckOutput reports whether [Write] could write to path, so that a mistake
// shows before hours of work: the ending must be known (.png, .jpg, .jpeg, .tif
// or .tiff in any case), its format must hold the features asked for, the folder
// must exist and let us create files, and an existing file must be writable and
// no folder. It leaves nothing behind, and removes what killed processes left there
// of files that they were writing, a day ago or longer.
func CheckOutput(path string, features ...Feature) error {
	if err := checkOutput(path, features); err != nil {
		return fmt.Errorf("write picture %q: %w", path, err)
	}
	return nil
}

func checkOutput(path string, features []Feature) error {
	if path == "" {
		return errors.New("the name is empty; give a file such as result.png")
	}
	if err := checkReplaceable(path); err != nil {
		return err
	}
	if _, err := encoderFor(path); err != nil {
		return err
	}
	if err := checkFeatures(path, features); err != nil {
		return err
	}
	return checkFolder(filepath.Dir(path))
}

func checkFeatures(path string, features []Feature) error {
	if end := ending(path); end != ".jpg" && end != ".jpeg" {
		return nil
	}
	for _, f := range features {
		switch f {
		case Transparency:
			return errors.New("JPEG cannot hold transparency; give .png or .tif")
		case SixteenBits:
			return errors.New("JPEG cannot hold 16 bits per channel; give .png or .tif")
		}
	}
	return nil
}

// checkReplaceable refuses what renaming a new file over path would destroy
// against its owner's will.
func checkReplaceable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return nil // nothing there yet; checkFolder tells the rest
	}
	if info.IsDir() {
		return fmt.Errorf("it is a folder; give a file inside it, such as %q", filepath.Join(path, "result.png"))
	}
	if !info.Mode().IsRegular() {
		return nil // opening a pipe would wait for its reader
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("the file exists and cannot be written (%w); choose another name", plainReason(err))
	}
	return f.Close()
}

func checkFolder(folder string) error {
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the folder %q does not exist; create it first", folder)
	case err != nil:
		return fmt.Errorf("the folder %q: %w", folder, plainReason(err))
	case !info.IsDir():
		return fmt.Errorf("%q is a file, not a folder", folder)
	}
	// Only trying tells: permission bits know nothing of read-only mounts.
	temp, err := createTemp(folder)
	if err != nil {
		return fmt.Errorf("the folder %q cannot be written to (%w)", folder, plainReason(err))
	}
	removeAbandoned(folder)
	closeErr := temp.Close()
	if err := os.Remove(temp.Name()); err != nil {
		return plainReason(err)
	}
	return closeErr
}

// SameFile reports whether two paths name one file, by whatever way: relative
// and absolute paths, symbolic and hard links, names in another case on file
// systems that do not care. The files need not exist.
func SameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(infoA, infoB)
	}
	if (errA == nil) != (errB == nil) {
		return false
	}
	return realPath(a) == realPath(b)
}

// realPath resolves the folder of a file that may not exist yet.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(folder, filepath.Base(abs))
	}
	return abs
}

// ending returns the lower-case ending of path, with its dot.
func ending(path string) string {
	return strings.ToLower(filepath.Ext(path))
}
