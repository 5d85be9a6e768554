package experiment

import (
	"errors"
	"image"
	"image/color"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zellige"
	"zellige/internal/record"
	"zellige/picture"
)

// stylesFolder is folder with masks of the content's shape, 24x16, and one that is not.
func stylesFolder(t *testing.T, file string) string {
	t.Helper()
	path := folder(t, file)
	for name, m := range map[string]struct{ w, h, white int }{"left.png": {24, 16, 12}, "black.png": {24, 16, 0}, "white.png": {24, 16, 24}, "square.png": {16, 16, 16}} {
		writeMask(t, filepath.Join(filepath.Dir(path), name), m.w, m.h, m.white)
	}
	writePicture(t, filepath.Join(filepath.Dir(path), "thin.png"), 2, 40, 9)
	return path
}

const stylesHead = "defaults: {preset: lab, content: lion.png, style: [waves.png, lion.png], image_size: 16, style_size: 16, iterations: 5, style_layers: [1], style_weights: [2]}\nruns:\n"

func TestStylesOfAFile(t *testing.T) {
	e := load(t, stylesFolder(t, stylesHead+`
- {name: both}
- {name: weighed, style_blend: [1, 3], mask: ["", left.png]}
- {name: one, style: lion.png}
- {name: swept, style_blend: [1, 3], mask: left.png, sweep: {style: [waves.png, [lion.png, waves.png]]}}
- {name: texture, command: synthesize, style: waves.png, size: 40x20, mask: [white.png]}
`))
	tests := []struct {
		name  string
		roles []string
		blend []float64
	}{
		{"both", []string{"content", "style", "style_2"}, nil},
		{"weighed", []string{"content", "style", "style_2", "mask_2"}, []float64{1, 3}},
		{"one", []string{"content", "style"}, nil},
		{"swept/style=waves.png", []string{"content", "style"}, nil},
		{"swept/style=lion.png_waves.png", []string{"content", "style", "style_2"}, nil},
		{"texture", []string{"style", "mask"}, nil},
	}
	for i, tt := range tests {
		run := e.Runs[i]
		var roles []string
		for _, s := range run.Sources {
			roles = append(roles, s.Role)
		}
		if run.Name != tt.name || !slices.Equal(roles, tt.roles) || !slices.Equal(run.Blend, tt.blend) {
			t.Errorf("%s: pictures %q, weights %v; want %+v", run.Name, roles, run.Blend, tt)
		}
	}
	if o := e.Runs[5].Options; o.Size != (zellige.Size{Width: 40, Height: 20}) || o.ImageSize != 20 || o.Init != zellige.InitNoise {
		t.Errorf("texture: %+v", o)
	}
}

func TestBadStylesOfAFile(t *testing.T) {
	tests := []struct{ run, want string }{
		{"style_blend: [1]", ":4: style_blend: has 1 weights for 2 styles"},
		{"style_blend: [1, -1]", ":4: style_blend: has the weight -1"},
		{"style_blend: [0, 0]", ":4: style_blend: has only weights of 0"},
		{"style_blend: [1, x]", ":4: style_blend: is \"1,x\", must be a list of weights"},
		{"mask: [left.png, left.png, left.png]", ":4: mask: has 3 pictures for 2 styles"},
		{"mask: [no.png]", ":4: mask: the picture"},
		{"mask: []", ":4: mask: is an empty list"},
		{"style: []", ":4: style: is an empty list"},
		{"style: [waves.png, '']", ":4: style: is \"\", must be the name of a picture"},
		{"style: [waves.png, no.png]", ":4: style: the picture"},
		{"quality: best", ":4: quality: is for all presets but lab, not for the preset lab"},
		{"quality: great", ":4: quality: is \"great\", must be draft, fine, best"},
		{"size: 7", ":4: size: is 7, must be 8 to"},
		{"size: big", ":4: size: is \"big\", must be the shorter side"},
		{"size: [40, 20]", ":4: size: is a list"},
		{"command: synthesize\n  content: lion.png", ":5: content: is not used by synthesize"},
		{"command: synthesize\n  size: 8x300", ":5: size: is 8x300, must be at most 1:32"},
		{"command: invert\n  mask: left.png", ":5: mask: is not used by invert"},
	}
	for _, tt := range tests {
		_, err := Load(stylesFolder(t, stylesHead+"- name: a\n  preset: lab\n  "+tt.run), testSetting)
		var file *FileError
		want := strings.Replace(strings.Replace(tt.want, ":5:", ":6:", 1), ":4:", ":5:", 1) // the preset's line
		if !errors.As(err, &file) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", tt.run, err, want)
		}
	}
}

// TestPicturesThatDoNotFit are told before anything is painted, once.
func TestPicturesThatDoNotFit(t *testing.T) {
	tests := []struct{ runs, want string }{
		{"- {name: a, mask: square.png}", `mask: mask picture ".*square.png" is 16x16 pixels, which is not the shape of the result, 24x16`},
		{"- {name: a, mask: ['', black.png]}", `mask: mask picture ".*black.png" is all black`},
		{"- {name: a, mask: white.png}", "mask: leaves nothing to a style without a mask"},
		{"- {name: a, style: [waves.png, thin.png]}", `style: style picture ".*thin.png" is 2x40 pixels`},
		{"- {name: a, content: thin.png, sweep: {seed: [1, 2]}}", `content: content picture ".*thin.png" is 2x40 pixels`},
		{"- {name: a, init: square.png}", `init: init picture ".*square.png" is 16x16 pixels`},
		{"- {name: a, size: 40x40}", "size: is 40x40, which is not the shape of the content, 24x16"},
	}
	for _, tt := range tests {
		e := load(t, stylesFolder(t, stylesHead+tt.runs))
		_, err := e.Plan(t.TempDir(), Request{Tool: testTool})
		var file *FileError
		if !errors.As(err, &file) || len(file.Problems) != 1 || !agrees(tt.want, err.Error()) {
			t.Errorf("%s:\n got %v\nwant %s", tt.runs, err, tt.want)
		}
	}
}

// TestRepeatStyles: weights, masks and textures are in the recipe.
func TestRepeatStyles(t *testing.T) {
	path, out := stylesFolder(t, stylesHead+`
- {name: weighed, preset: gram, style_blend: [0.1, 0.7], mask: ["", left.png], scales: 1, image_size: 16}
- {name: texture, command: synthesize, size: 40x20}
`), t.TempDir()
	runAll(t, path, out)
	for _, name := range []string{"weighed", "texture"} {
		c := repeat(t, filepath.Join(out, name, record.PictureFile), record.Repeat{})
		if !c.SameBytes || len(c.Differences) > 0 {
			t.Errorf("%s: %+v", name, c)
		}
	}
	writeMask(t, filepath.Join(filepath.Dir(path), "left.png"), 24, 16, 20)
	c := repeat(t, filepath.Join(out, "weighed", record.PictureFile), record.Repeat{})
	if c.SameBytes || len(c.Differences) != 1 || c.Differences[0].Key != "pictures.mask_2.sha256" {
		t.Errorf("another mask: %+v", c.Differences)
	}
}

// TestPresetOfTextures: a preset of the file is for all runs, otherwise textures have
// their own.
func TestPresetOfTextures(t *testing.T) {
	for defaults, want := range map[string]string{"": zellige.TexturePreset, "defaults: {preset: lab}\n": "lab"} {
		e := load(t, stylesFolder(t, defaults+"runs:\n- {name: texture, command: synthesize, style: waves.png, size: 40x20, style_layers: [1], style_weights: [1]}\n"))
		if got := e.Runs[0].Preset; got != want {
			t.Errorf("%q: preset %s, want %s", defaults, got, want)
		}
	}
}

func agrees(pattern, text string) bool {
	ok, err := regexp.MatchString(pattern, text)
	return ok && err == nil
}

// writeMask writes a mask whose left columns are white.
func writeMask(t *testing.T, path string, w, h, white int) {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		grey := uint8(0)
		if i%w < white {
			grey = 255
		}
		img.SetNRGBA(i%w, i/w, color.NRGBA{grey, grey, grey, 255})
	}
	if err := picture.Write(path, img); err != nil {
		t.Fatal(err)
	}
}
