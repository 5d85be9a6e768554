package record

import (
	"errors"
	"fmt"
	"path/filepath"

	"zellige"
	"zellige/internal/parameter"
)

// Source is a picture that another is painted from.
type Source struct {
	Role string // Content or Init, or the [zellige.Role] of a Style or a Mask
	File string // as it was named, with slashes
	Path string // where it is
}

// Sources are the pictures that one is painted from.
type Sources []Source

// NameFile adds the file's name to an error about one of the pictures. format is
// that of the kind of the picture, its path and the reason.
func (s Sources) NameFile(err error, format string) error {
	var p *zellige.PictureError
	if !errors.As(err, &p) {
		return err
	}
	for _, source := range s {
		if source.Role == p.Picture {
			return fmt.Errorf(format, zellige.RoleKind(source.Role), source.Path, p.Reason)
		}
	}
	return err
}

// CheckStyles checks how many masks and weights there are for so many styles, and
// the weights. The error is a *[parameter.Error] or a *[zellige.OptionError].
func CheckStyles(styles, masks int, blend []float64) error {
	if masks > styles {
		return &parameter.Error{Name: Mask, Reason: fmt.Sprintf("has %d pictures for %d styles; the first mask is that of the first style, and so on", masks, styles)}
	}
	return zellige.CheckBlend(blend, styles)
}

// Within joins a path with slashes to a folder, unless it is absolute.
func Within(folder, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(folder, path)
}
