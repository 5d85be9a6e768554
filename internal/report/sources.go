package report

import (
	"fmt"
	"image"
	"os"
	"strings"

	"zellige"
	"zellige/internal/record"
	"zellige/picture"
)

// The pictures that a run is painted from, as recipes call them.
const (
	roleContent = "content"
	roleStyle   = "style"
	roleMask    = "mask"
)

// pictured are the roles of a run's pictures that are shown beside it: the content,
// and each style with its mask.
func (r *Painted) pictured() []string {
	var roles []string
	add := func(role string) bool {
		_, ok := r.manifest().Recipe.Pictures[role]
		if ok {
			roles = append(roles, role)
		}
		return ok
	}
	add(roleContent)
	for i := 0; add(zellige.Role(roleStyle, i)); i++ {
		add(zellige.Role(roleMask, i))
	}
	return roles
}

// caption is a role as people read it: style 2.
func caption(role string) string { return strings.ReplaceAll(role, "_", " ") }

// sources reads the pictures that runs were painted from. A picture that is gone
// or has changed since then is not shown as if it were the one.
type sources struct {
	sum   string // of the last picture, which the next run often needs as well
	last  image.Image
	notes map[string]bool // told already
}

func newSources() *sources { return &sources{notes: map[string]bool{}} }

// read returns a run's picture by its role; nil if the run has none. Each error is
// returned once.
func (s *sources) read(run *Painted, role string) (image.Image, error) {
	p, ok := run.manifest().Recipe.Pictures[role]
	if !ok {
		return nil, nil
	}
	if s.last != nil && s.sum == p.SHA256 {
		return s.last, nil
	}
	img, err := readUnchanged(run.manifest().Paths[role], p.SHA256)
	if err != nil {
		return nil, s.once(fmt.Errorf("%s picture %s is not shown: %w", role, p.File, err))
	}
	s.sum, s.last = p.SHA256, img
	return img, nil
}

func (s *sources) once(err error) error {
	if s.notes[err.Error()] {
		return nil
	}
	s.notes[err.Error()] = true
	return err
}

// readUnchanged reads a picture whose bytes have the given sum.
func readUnchanged(path, sum string) (image.Image, error) {
	data, err := unchanged(path, sum)
	if err != nil {
		return nil, err
	}
	img, err := picture.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	return img, nil
}

// unchanged returns a file's bytes; the error says if they are others by now.
func unchanged(path, sum string) ([]byte, error) {
	if path == "" {
		return nil, fmt.Errorf("the manifest does not say where it was")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if record.Hash(data) != sum {
		return nil, fmt.Errorf("%q has changed since", path)
	}
	return data, nil
}

// stem is a picture's name without its folder and ending.
func stem(file string) string {
	file = file[strings.LastIndex(file, "/")+1:]
	if dot := strings.LastIndex(file, "."); dot > 0 {
		file = file[:dot]
	}
	return strings.ReplaceAll(file, "-", " ")
}
