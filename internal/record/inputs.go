package record

import (
	"fmt"
	"image"
	"io"

	"zellige"
	"zellige/picture"
)

// Inputs are the pictures of a task with what else their files say.
type Inputs struct {
	zellige.Pictures
	Sums     map[string]string // SHA-256 of the bytes that were decoded, by path
	EXIF     []byte            // of the content
	Warnings []string          // of what could not be used
}

// File is a picture file with the SHA-256 of the bytes that were decoded.
type File struct {
	*picture.File
	Sum string
}

// OpenFile reads a picture file.
func OpenFile(path string) (File, error) {
	data, err := picture.ReadBytes(path)
	if err != nil {
		return File{}, err
	}
	return decodeFile(path, data)
}

// OpenStream reads a picture file from a stream, which has a name in errors.
func OpenStream(name string, r io.Reader) (File, error) {
	data, err := picture.ReadStream(r)
	if err != nil {
		return File{}, fmt.Errorf("read picture %q: %w", name, err)
	}
	return decodeFile(name, data)
}

func decodeFile(name string, data []byte) (File, error) {
	decoded, err := picture.DecodeFile(data)
	if err != nil {
		return File{}, fmt.Errorf("read picture %q: %w", name, err)
	}
	return File{decoded, Hash(data)}, nil
}

// Read reads the pictures of a task by open, which is [OpenFile] or a function like it.
func (t *Task) Read(open func(path string) (File, error)) (*Inputs, error) {
	in := &Inputs{Sums: map[string]string{}}
	images := map[string]image.Image{}
	for _, s := range t.Sources {
		file, err := open(s.Path)
		if err != nil {
			return nil, err
		}
		in.Sums[s.Path] = file.Sum
		if s.Role == Init {
			if done := interruptedAt(s.Path); done > 0 {
				in.Warnings = append(in.Warnings, fmt.Sprintf("%q was interrupted after %d iterations; painting begins with it as it is, while its recipe paints it whole", s.Path, done))
			}
		}
		images[s.Role] = file.Image
		if zellige.RoleKind(s.Role) == Mask {
			images[s.Role] = file.OnBlack()
		}
		if s.Role == Content {
			in.Alpha, in.EXIF = file.Alpha, file.EXIF
		}
		if file.Warning != "" {
			in.Warnings = append(in.Warnings, fmt.Sprintf("%q: %s", s.Path, file.Warning))
		}
	}
	in.Content, in.Init, in.Styles = images[Content], images[Init], t.styles(images)
	return in, nil
}

// Picture is the one of a role, nil if there is none.
func (in *Inputs) Picture(role string) image.Image {
	switch role {
	case Content:
		return in.Content
	case Init:
		return in.Init
	}
	for i, s := range in.Styles {
		switch role {
		case zellige.Role(Style, i):
			return s.Image
		case zellige.Role(Mask, i):
			return s.Mask
		}
	}
	return nil
}

// styles puts pictures by their roles together.
func (t *Task) styles(images map[string]image.Image) []zellige.Style {
	var styles []zellige.Style
	for i, weights := 0, t.shares(); images[zellige.Role(Style, i)] != nil; i++ {
		s := zellige.Style{Image: images[zellige.Role(Style, i)], Mask: images[zellige.Role(Mask, i)], Weight: 1}
		if weights != nil {
			s.Weight = weights[i]
		}
		styles = append(styles, s)
	}
	return styles
}

// interruptedAt is after how many iterations a picture was saved before its end; 0 if it is
// whole or does not say.
func interruptedAt(path string) int {
	text, _, _ := picture.ReadText(path, RecipeKey) // of a stream or another format there is none
	r, _ := ParseRecipe([]byte(text))
	return r.Interrupted
}
