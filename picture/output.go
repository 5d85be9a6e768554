package picture

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"zellige/internal/file"
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
	target, err := file.Target(path)
	if err != nil {
		return err
	}
	if err := file.CheckReplaceable(target); err != nil {
		return err
	}
	if _, err := encoderFor(path); err != nil {
		return err
	}
	if err := checkFeatures(path, features); err != nil {
		return err
	}
	return file.CheckFolder(filepath.Dir(target))
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

// ending returns the lower-case ending of path, with its dot.
func ending(path string) string {
	return strings.ToLower(filepath.Ext(path))
}
