package report

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image"
	"image/jpeg"
	"os"
	"strings"

	"zellige/internal/record"
	"zellige/picture"
)

// Picture is a picture inside the page.
type Picture struct {
	Src           template.URL
	Width, Height int
	Alt           string
	Caption       string
	Note          string // what the caption's tooltip says
}

// Sources are shown smaller than they are; results are shown as they were written.
const (
	sourceSize        = 288 // shorter side, in pixels
	sourceJPEGQuality = 82
)

// result embeds the very bytes of the run's picture, or returns nil with a reason
// if they are not those that were painted.
func (r *Run) result() (*Picture, error) {
	data, err := os.ReadFile(r.path(r.Picture.File))
	if err != nil {
		return nil, err
	}
	if record.Hash(data) != r.Picture.SHA256 {
		return nil, &changedError{r.path(r.Picture.File)}
	}
	return &Picture{
		Src:   dataURI("image/png", data),
		Width: r.Picture.Width, Height: r.Picture.Height,
		Alt:  r.altText(),
		Note: r.ID + "/" + r.Picture.File + ", sha256 " + r.Picture.SHA256,
	}, nil
}

type changedError struct{ path string }

func (e *changedError) Error() string {
	return e.path + " is not the picture that was painted; it is not shown"
}

// altText says in words what the picture is.
func (r *Run) altText() string {
	content := stem(r.Recipe.Pictures[roleContent].File)
	if r.inverts() {
		return content + " rebuilt from its features at layer " + r.parameter(keyContentLayer)
	}
	var styles []string
	for _, role := range r.pictured() {
		if strings.HasPrefix(role, roleStyle) {
			styles = append(styles, stem(r.Recipe.Pictures[role].File))
		}
	}
	if content == "" {
		content = "a texture"
	}
	return content + " in the style of " + strings.Join(styles, " and ")
}

// source embeds a small copy of a picture that runs were painted from; nil if there
// is none.
func (r *Report) source(run *Run, role string) (*Picture, error) {
	img, err := r.sources.read(run, role)
	if img == nil {
		return nil, err
	}
	b := img.Bounds()
	w, h := picture.Size(min(sourceSize, b.Dx(), b.Dy()), b.Dx(), b.Dy())
	data, err := encodeJPEG(picture.Resize(img, w, h))
	if err != nil {
		return nil, err
	}
	p := run.Recipe.Pictures[role]
	return &Picture{Src: dataURI("image/jpeg", data), Width: w, Height: h, Alt: stem(p.File) + ", the " + caption(role) + " picture",
		Caption: caption(role), Note: p.File + ", sha256 " + p.SHA256}, nil
}

func encodeJPEG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: sourceJPEGQuality})
	return b.Bytes(), err
}

func dataURI(mediaType string, data []byte) template.URL {
	return template.URL("data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString(data))
}
