package experiment

import (
	"errors"
	"fmt"
	"image"

	"zellige"
	"zellige/picture"
)

// Inputs are the pictures of a run with what else their files say.
type Inputs struct {
	zellige.Pictures
	Sums     map[string]string // SHA-256 of the bytes that were decoded, by path
	EXIF     []byte            // of the content
	Warnings []string          // of what could not be used
}

// Read reads the pictures of a run.
func (r *Run) Read() (*Inputs, error) { return r.read(openFile) }

// hashedFile is a picture file with the SHA-256 of the bytes that were decoded.
type hashedFile struct {
	*picture.File
	sum string
}

func openFile(path string) (hashedFile, error) {
	data, err := picture.ReadBytes(path)
	if err != nil {
		return hashedFile{}, err
	}
	decoded, err := picture.DecodeFile(data)
	if err != nil {
		return hashedFile{}, fmt.Errorf("read picture %q: %w", path, err)
	}
	return hashedFile{decoded, Hash(data)}, nil
}

func (r *Run) read(open func(path string) (hashedFile, error)) (*Inputs, error) {
	in := &Inputs{Sums: map[string]string{}}
	images := map[string]image.Image{}
	for _, s := range r.Sources {
		file, err := open(s.Path)
		if err != nil {
			return nil, err
		}
		in.Sums[s.Path] = file.sum
		images[s.Role] = file.Image
		if s.Role == keyContent {
			in.Alpha, in.EXIF = file.Alpha, file.EXIF
		}
		if file.Warning != "" {
			in.Warnings = append(in.Warnings, fmt.Sprintf("%q: %s", s.Path, file.Warning))
		}
	}
	in.Content, in.Init, in.Styles = images[keyContent], images[keyInit], r.styles(images)
	return in, nil
}

// unchanged reports whether pictures with the given sums are those of the recipe.
func (r *Planned) unchanged(sums map[string]string) error {
	for _, s := range r.Sources {
		if sums[s.Path] != r.Recipe.Pictures[s.Role].SHA256 {
			return fmt.Errorf("%s picture %q has changed since the run was planned; run again", zellige.RoleKind(s.Role), s.Path)
		}
	}
	return nil
}

// withFile adds the file's name to an error about one of the pictures.
func (r *Run) withFile(err error) error {
	var p *zellige.PictureError
	if !errors.As(err, &p) {
		return err
	}
	for _, s := range r.Sources {
		if s.Role == p.Picture {
			return fmt.Errorf("%s picture %q %s", zellige.RoleKind(s.Role), s.Path, p.Reason)
		}
	}
	return err
}
