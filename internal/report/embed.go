package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/jpeg"
	"strings"

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

// embed returns a run's picture by its role, "" for the result; nil if there is
// none, or if it cannot be shown, which is told in Warnings.
func (r *Report) embed(run *Run, role string) *Picture {
	if role == "" {
		p, err := run.result()
		r.warn(err)
		return p
	}
	p, err := r.source(run, role)
	r.warn(err)
	return p
}

// result embeds the very bytes of the run's picture.
func (r *Run) result() (*Picture, error) {
	data, err := unchanged(r.path(r.Picture.File), r.Picture.SHA256)
	if err != nil {
		return nil, fmt.Errorf("the result of %s is not shown: %w", r.ID, err)
	}
	return &Picture{
		Src:   dataURI("image/png", data),
		Width: r.Picture.Width, Height: r.Picture.Height,
		Alt:  r.altText(),
		Note: r.ID + "/" + r.Picture.File + ", sha256 " + r.Picture.SHA256,
	}, nil
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
