package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"strings"
	"sync"

	"zellige/internal/parallel"
	"zellige/picture"
)

// Image is a picture inside the page.
type Image struct {
	Src           template.URL
	Width, Height int
	Alt           string
	Note          string // what its tooltip says
}

// Sources are shown smaller than they are; results as they were written, unless they
// are large.
const (
	sourceSize  = 288 // shorter side, in pixels, as the following
	heroSize    = 240
	smallSize   = 64
	largeSize   = 1024
	largeBytes  = 1 << 20
	jpegQuality = 82
)

// embed returns a run's picture by its role, "" for the result; nil if there is
// none, or if it cannot be shown, which is told in Warnings.
func (r *Report) embed(run *Painted, role string) *Image {
	if role == "" {
		p, err := run.result()
		r.warn(err)
		return p
	}
	p, err := r.source(run, role)
	r.warn(err)
	return p
}

// result embeds the very bytes of the run's picture, or a smaller copy of a large one.
func (r *Painted) result() (*Image, error) {
	p := &r.manifest().Picture
	data, err := unchanged(r.path(p.File), p.SHA256)
	if err != nil {
		return nil, r.notShown(err)
	}
	if len(data) > largeBytes {
		return r.thumbnail(largeSize)
	}
	return &Image{Src: dataURI("image/png", data), Width: p.Width, Height: p.Height, Alt: r.altText(), Note: r.note()}, nil
}

func (r *Painted) notShown(err error) error {
	return fmt.Errorf("the result of %s is not shown: %w", r.ID, err)
}

func (r *Painted) note() string {
	p := &r.manifest().Picture
	return r.ID + "/" + p.File + ", sha256 " + p.SHA256
}

// painted reads the run's picture.
func (r *Painted) painted() (image.Image, error) {
	p := &r.manifest().Picture
	return readUnchanged(r.path(p.File), p.SHA256)
}

// thumbnail embeds a copy of the run's picture, whose shorter side has at most so many
// pixels.
func (r *Painted) thumbnail(size int) (*Image, error) {
	img, err := r.painted()
	if err != nil {
		return nil, r.notShown(err)
	}
	p, err := shrunk(img, size)
	if err != nil {
		return nil, err
	}
	p.Alt, p.Note = r.altText(), r.note()
	return p, nil
}

// mostInside is the number of small pictures that stand in the page. Of more runs the
// page asks for those that are looked at, in the folder beside it.
const mostInside = 2000

// smallPictures are those of all runs in a large table, nil where one cannot be shown; none
// if the page holds none.
func (r *Report) smallPictures() ([]*Image, error) {
	if len(r.Runs) > mostInside {
		return nil, nil
	}
	small := make([]*Image, len(r.Runs))
	errs := make([]error, len(r.Runs))
	var ended error
	var counting sync.Mutex
	done := 0
	goesOn := func() bool {
		counting.Lock()
		defer counting.Unlock()
		if ended == nil {
			done++
			ended = r.tell("pictures read", done, len(r.Runs))
		}
		return ended == nil
	}
	parallel.New(len(r.Runs), func(low, high int) {
		for i := low; i < high && goesOn(); i++ {
			small[i], errs[i] = r.Runs[i].thumbnail(smallSize)
		}
	}).Run()
	for _, err := range errs {
		r.warn(err)
	}
	return small, ended
}

// beside is the run's picture, which the page asks for in its folder.
func (r *Painted) beside(base string) *Image {
	p := &r.manifest().Picture
	w, h := picture.Size(smallSize, p.Width, p.Height)
	return &Image{Src: template.URL(relativeURL(base, r.path(p.File))), Width: w, Height: h, Alt: r.altText(), Note: r.note()}
}

// cropSize is what an enlargement shows, in pixels of the picture.
const cropSize = 44

// crop embeds the pixels in the middle of the run's picture, for a page that enlarges
// them without smoothing; nil if there is none.
func (r *Report) crop(run *Painted) *Image {
	img, err := run.painted()
	if err != nil {
		return nil // told where the whole picture is not shown
	}
	b := img.Bounds()
	side := min(cropSize, b.Dx(), b.Dy())
	part := image.NewNRGBA(image.Rect(0, 0, side, side))
	draw.Draw(part, part.Bounds(), img, b.Min.Add(b.Size().Div(2)).Sub(image.Pt(side/2, side/2)), draw.Src)
	var data bytes.Buffer
	if err := png.Encode(&data, part); err != nil {
		r.warn(err)
		return nil
	}
	return &Image{Src: dataURI("image/png", data.Bytes()), Width: side, Height: side, Note: run.note(),
		Alt: fmt.Sprintf("%d pixels in the middle of %s, enlarged", side, run.altText())}
}

// altText says in words what the picture is.
func (r *Painted) altText() string {
	content := stem(r.manifest().Recipe.Pictures[roleContent].File)
	if r.inverts() {
		return content + " rebuilt from its features at layer " + r.parameter(keyContentLayer)
	}
	var styles []string
	for _, role := range r.pictured() {
		if strings.HasPrefix(role, roleStyle) {
			styles = append(styles, stem(r.manifest().Recipe.Pictures[role].File))
		}
	}
	if content == "" {
		content = "a texture"
	}
	return content + " in the style of " + strings.Join(styles, " and ")
}

// source embeds a small copy of a picture that runs were painted from; nil if there
// is none.
func (r *Report) source(run *Painted, role string) (*Image, error) {
	img, err := r.sources.read(run, role)
	if img == nil {
		return nil, err
	}
	shown, err := shrunk(img, sourceSize)
	if err != nil {
		return nil, err
	}
	p := run.manifest().Recipe.Pictures[role]
	shown.Alt, shown.Note = stem(p.File)+", the "+caption(role)+" picture", p.File+", sha256 "+p.SHA256
	return shown, nil
}

// shrunk is a copy of a picture, whose shorter side has at most so many pixels.
func shrunk(img image.Image, size int) (*Image, error) {
	b := img.Bounds()
	w, h := picture.Size(min(size, b.Dx(), b.Dy()), b.Dx(), b.Dy())
	data, err := encodeJPEG(picture.Resize(img, w, h))
	if err != nil {
		return nil, err
	}
	return &Image{Src: dataURI("image/jpeg", data), Width: w, Height: h}, nil
}

func encodeJPEG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: jpegQuality})
	return b.Bytes(), err
}

func dataURI(mediaType string, data []byte) template.URL {
	return template.URL("data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString(data))
}
