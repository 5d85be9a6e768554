package record

import (
	"context"
	"fmt"
	"image"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"zellige"
	"zellige/internal/file"
	"zellige/picture"
)

// Original is a picture that can be painted again from its recipe.
type Original struct {
	Recipe Recipe
	Path   string // of the picture; it may be gone
	SHA256 string // that the picture had when it was painted, else what it has now

	paths map[string]string // where its input pictures were, by role
}

// OpenOriginal reads the recipe of a picture or of a manifest.
func OpenOriginal(path string) (*Original, error) {
	if info, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("%q: %w", path, file.Reason(err))
	} else if info.IsDir() {
		path = filepath.Join(path, ManifestFile)
	}
	if strings.EqualFold(filepath.Ext(path), ".json") {
		return originalOfManifest(path)
	}
	return originalOfPicture(path)
}

func originalOfManifest(path string) (*Original, error) {
	m, err := ReadManifest(path)
	if err != nil {
		return nil, err
	}
	return &Original{m.Recipe, filepath.Join(m.Folder(), m.Picture.File), m.Picture.SHA256, m.Paths}, nil
}

// originalOfPicture also uses a manifest beside the picture, if it is the picture's.
func originalOfPicture(path string) (*Original, error) {
	text, ok, err := picture.ReadText(path, RecipeKey)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("%q carries no recipe; only PNG pictures that zellige painted do", path)
	}
	o := &Original{Path: path}
	if o.Recipe, err = ParseRecipe([]byte(text)); err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	if o.SHA256, err = HashFile(path); err != nil {
		return nil, err
	}
	if m, err := ReadManifest(filepath.Dir(path)); err == nil && m.Picture.SHA256 == o.SHA256 {
		o.paths = m.Paths
	}
	return o, nil
}

// Repeat says how a picture is painted again.
type Repeat struct {
	Tool Tool
	// Images are folders to look for the input pictures in, before all others.
	Images []string
	// Output keeps the new picture, a PNG file; "" does not.
	Output string
	// Check, if not nil, is asked before the work; its error ends it.
	Check    func(*zellige.Plan) error
	Progress func(zellige.Step)
}

// CheckPNG reports whether a picture with a recipe could be written to path.
func CheckPNG(path string) error {
	if !strings.EqualFold(filepath.Ext(path), ".png") {
		return fmt.Errorf("write picture %q: its name must end in .png, which alone carries a recipe", path)
	}
	return picture.CheckOutput(path)
}

// Repetition compares a picture painted again with the original.
type Repetition struct {
	Result      *zellige.Result
	SHA256      string // of the new picture's file
	SameBytes   bool
	SamePixels  bool         // also true if the files differ in their recipes only
	Differences []Difference // between the recipes then and now; none if the original was interrupted
	Warnings    []string     // of what could not be used of the input pictures
}

// Repeat paints the picture again. The input pictures are looked for in the given
// folders, where they were, relative to the working folder, and beside the picture;
// one that has changed is used and told as a difference.
func (o *Original) Repeat(ctx context.Context, m zellige.Model, r Repeat) (*Repetition, error) {
	task, err := o.task(r.Images)
	if err != nil {
		return nil, err
	}
	in, err := task.Read(OpenFile)
	if err != nil {
		return nil, err
	}
	task.Options.Progress = r.Progress
	plan, err := task.Plan(m.Info(), in.Pictures)
	if err == nil && r.Check != nil {
		err = r.Check(plan)
	}
	if err != nil {
		return nil, task.Sources.NameFile(err, "%s picture %q %s")
	}
	now := NewRecipe(task, r.Tool, in.Sums)
	meta := picture.Metadata{Texts: []picture.Text{now.Text()}}
	if task.KeepsEXIF {
		meta.EXIF = in.EXIF
	}
	result, err := plan.Paint(ctx, m)
	if err != nil {
		return nil, task.Sources.NameFile(err, "%s picture %q %s")
	}
	data, err := encode(result.Image, meta, r.Output)
	if err != nil {
		return nil, err
	}
	c := o.compare(result, data, now)
	c.Warnings = in.Warnings
	return c, nil
}

// task is the recipe as a task.
func (o *Original) task(images []string) (*Task, error) {
	options, err := o.Recipe.Options()
	if err != nil {
		return nil, err
	}
	task := &Task{Command: o.Recipe.Command, Preset: o.Recipe.Preset, Options: options, Blend: o.Recipe.Blend, KeepsEXIF: o.Recipe.EXIF}
	for _, role := range slices.Sorted(maps.Keys(o.Recipe.Pictures)) {
		p := o.Recipe.Pictures[role]
		path, err := o.find(role, p.File, images)
		if err != nil {
			return nil, err
		}
		task.Sources = append(task.Sources, Source{role, p.File, path})
	}
	return task, CheckStyles(o.Recipe.styles(), 0, task.Blend)
}

// find prefers a file that is the recipe's to one that only has its name.
func (o *Original) find(role, file string, images []string) (string, error) {
	var places []string
	for _, folder := range images {
		places = append(places, Within(folder, file), filepath.Join(folder, filepath.Base(file)))
	}
	if path := o.paths[role]; path != "" {
		places = append(places, path)
	}
	beside := filepath.Dir(o.Path)
	places = append(places, filepath.FromSlash(file), Within(beside, file), filepath.Join(beside, filepath.Base(file)))
	found := ""
	for _, path := range places {
		sum, err := HashFile(path)
		if err == nil && sum == o.Recipe.Pictures[role].SHA256 {
			return path, nil
		}
		if err == nil && found == "" {
			found = path
		}
	}
	if found == "" {
		return "", &MissingError{role, file, places}
	}
	return found, nil
}

// MissingError says that an input picture is nowhere to be found.
type MissingError struct {
	Role, File string
	Looked     []string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("the %s picture %q is not found; looked for %s", e.Role, e.File, strings.Join(slices.Compact(e.Looked), ", "))
}

// compare compares the new picture's file with the original.
func (o *Original) compare(result *zellige.Result, data []byte, now Recipe) *Repetition {
	c := &Repetition{Result: result, SHA256: Hash(data)}
	if o.Recipe.Interrupted > 0 { // the new picture is the whole one
		return c
	}
	c.Differences = Differences(o.Recipe, now)
	c.SameBytes = c.SHA256 == o.SHA256
	c.SamePixels = c.SameBytes
	if original, err := picture.ReadFile(o.Path); err == nil && !c.SameBytes {
		c.SamePixels = samePixels(original, data)
	}
	return c
}

// encode returns the bytes of the picture's file, which stays if path is not "".
func encode(img image.Image, meta picture.Metadata, path string) (data []byte, err error) {
	if path == "" {
		folder, err := os.MkdirTemp("", "zellige-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(folder) // nothing to do about what stays
		path = filepath.Join(folder, PictureFile)
	}
	if err := picture.WriteWith(path, img, meta); err != nil {
		return nil, err
	}
	data, err = os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the new picture: %w", file.Reason(err))
	}
	return data, nil
}

// samePixels compares colours, depth and opacity.
func samePixels(a *picture.File, file []byte) bool {
	b, err := picture.DecodeFile(file)
	return err == nil && reflect.DeepEqual(a.Image, b.Image) && reflect.DeepEqual(a.Alpha, b.Alpha)
}
