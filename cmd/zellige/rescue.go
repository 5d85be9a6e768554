package main

import (
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"

	"zellige/picture"
)

// writePicture writes a picture where it was asked for. If that is impossible by
// now, because the disk is full or the folder gone, the work is not lost: it goes
// to the folder of temporary files, and the error says where.
func writePicture(path string, img image.Image, meta picture.Metadata) error {
	if err := picture.WriteWith(path, img, meta); err != nil {
		return rescue(err, filepath.Base(path), img, meta)
	}
	return nil
}

// rescue keeps a picture in the folder of temporary files, under a name that ends with
// the given one, and adds that to the error why it is not where it should be.
func rescue(err error, name string, img image.Image, meta picture.Metadata) error {
	rescued, rescueErr := reserve(name)
	if rescueErr == nil {
		rescueErr = picture.WriteWith(rescued, img, meta)
	}
	if rescueErr != nil {
		_ = os.Remove(rescued) // it is empty or not there
		return errors.Join(err, fmt.Errorf("nor could it be kept elsewhere: %w", rescueErr))
	}
	return fmt.Errorf("%w; it is kept as %s", err, rescued)
}

// reserve makes an empty file with a new name in the folder of temporary files.
func reserve(name string) (string, error) {
	f, err := os.CreateTemp("", "zellige-*-"+name)
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}
