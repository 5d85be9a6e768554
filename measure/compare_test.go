package measure

import (
	"context"
	"errors"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"zellige/internal/shorttest"
	"zellige/match/matchtest"
	"zellige/picture"
	"zellige/runtime"
)

// pixelNetwork is a network whose features, of all layers, are the pixels themselves.
type pixelNetwork struct {
	layers int
	matchtest.Brute
}

var thirteenLayers = pixelNetwork{layers: 13}

func (n pixelNetwork) Info() *runtime.Info {
	info := &runtime.Info{Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.25, 0.25, 0.25}}
	for i := range n.layers {
		info.Layers = append(info.Layers, runtime.Layer{Index: i, Channels: 3, Stride: 1, ReceptiveField: 1,
			Window: runtime.Window{Kernel: 1, Stride: 1}})
	}
	return info
}

func (n pixelNetwork) Extract(_ context.Context, img runtime.Image, features []int, grams []runtime.GramTerm) (e runtime.Extraction, err error) {
	for range features {
		e.Features = append(e.Features, slices.Clone(img.Pixels))
	}
	places := img.Height * img.Width
	for _, g := range grams {
		gram := make([]float32, 9) // Scale * F F^T
		for i := range gram {
			for k := range places {
				gram[i] += g.Scale * img.Pixels[i/3*places+k] * img.Pixels[i%3*places+k]
			}
		}
		e.Grams = append(e.Grams, gram)
	}
	return e, nil
}

// gradientPicture is a picture without two equal rows or columns.
func gradientPicture(width, height int, tint uint8) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x * 255 / width), uint8(y * 255 / height), tint, 255})
		}
	}
	return img
}

func TestAll(t *testing.T) {
	content, style := gradientPicture(30, 20, 40), gradientPicture(25, 25, 200)
	v, err := All(context.Background(), thirteenLayers, content, content, style)
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]struct {
		got  *float64
		want float64
	}{"style_9": {v.Style9, 1}, "style_12": {v.Style12, 1}, "content": {v.Content, 0}, "ssim": {v.SSIM, 1}} {
		if m.got == nil || math.Abs(*m.got-m.want) > 1e-6 {
			t.Errorf("the content itself: %s = %v, want %g", name, m.got, m.want)
		}
	}
	if len(v.Layers) != 12 || *v.Layers[1].Content != *v.Content || *v.Layers[12].Style != *v.Style12 {
		t.Errorf("by layer: %+v", v.Layers)
	}
	if v.ColorContent == nil || *v.ColorContent != 0 {
		t.Errorf("the content itself has other colours: %v", v.ColorContent)
	}
	if v.Color == nil || *v.Color <= 0 {
		t.Errorf("the content itself has the colours of the style: %v", v.Color)
	}
}

func TestPictureLeavesOut(t *testing.T) {
	img := gradientPicture(30, 20, 40)
	alone, err := All(context.Background(), thirteenLayers, img, nil, nil)
	if err != nil || alone.Content != nil || alone.SSIM != nil || alone.Style9 != nil || alone.Color != nil || alone.Layers != nil || alone.TV <= 0 {
		t.Errorf("alone: %+v, %v", alone, err)
	}
	styled, err := All(context.Background(), thirteenLayers, img, nil, img)
	if err != nil || styled.Style9 != nil || styled.Color == nil || *styled.Color != 0 {
		t.Errorf("with a style alone: %+v, %v", styled, err)
	}
}

func TestPictureRefuses(t *testing.T) {
	var refused *picture.UnusableError
	_, err := All(context.Background(), thirteenLayers, gradientPicture(30, 20, 40), gradientPicture(20, 30, 40), nil)
	if !errors.As(err, &refused) || refused.Picture != "content" {
		t.Errorf("content of another shape: %v", err)
	}
	_, err = All(context.Background(), thirteenLayers, gradientPicture(3, 3, 40), nil, nil)
	if !errors.As(err, &refused) || refused.Picture != "image" {
		t.Errorf("tiny image: %v", err)
	}
	img := gradientPicture(30, 20, 40)
	v, err := All(context.Background(), pixelNetwork{layers: 1}, img, img, img)
	if !errors.As(err, &refused) || refused.Picture != "image" {
		t.Errorf("network without the layers: %v", err)
	}
	if v.SSIM == nil || v.Color == nil || v.TV == 0 || v.Content != nil || v.Style9 != nil {
		t.Errorf("what needs no network is not measured, or more is: %+v", v)
	}
}

// Layers in batches give what all layers at once give.
func TestPictureInBatches(t *testing.T) {
	shorttest.Skip(t)
	img, content, style := gradientPicture(1800, 1100, 40), gradientPicture(450, 275, 90), gradientPicture(25, 25, 200)
	c, err := newComparison(thirteenLayers, img, content, style)
	if err != nil || len(c.batches()) < 2 {
		t.Fatal(c.batches(), err)
	}
	var v Values
	if err := c.compareLayers(context.Background(), &v); err != nil || len(v.Layers) != 12 {
		t.Fatal(v, err)
	}
	for l, d := range v.Layers {
		if *d.Content != *v.Content || *d.Style != *v.Style9 {
			t.Errorf("layer %d of equal ones: %g and %g", l, *d.Content, *d.Style)
		}
	}
}

// What compares takes no more memory than for 2 megapixels; a checkerboard would
// not survive that.
func TestPictureOfLargePictures(t *testing.T) {
	shorttest.Skip(t)
	large := image.NewNRGBA(image.Rect(0, 0, 3000, 2000))
	for i := range 3000 * 2000 {
		grey := byte(255 * ((i%3000 + i/3000) % 2))
		copy(large.Pix[4*i:], []byte{grey, grey, grey, 255})
	}
	c, err := newComparison(thirteenLayers, large, gradientPicture(300, 200, 9), nil)
	if err != nil || c.height*c.width > mostPixels || c.height*c.width < mostPixels*9/10 || c.content.Bounds() != c.image.Bounds() {
		t.Errorf("compared at %dx%d, %v", c.width, c.height, err)
	}
	if v, err := All(context.Background(), thirteenLayers, large, nil, nil); err != nil || v.Checker != 1 || v.TV != 2 {
		t.Errorf("checkerboard: %+v, %v", v, err)
	}
}

func TestPictureOfTransparentPictures(t *testing.T) {
	img := gradientPicture(30, 20, 40)
	clear := image.NewAlpha16(img.Bounds())
	seen, err := All(context.Background(), thirteenLayers, picture.WithAlpha(img, clear), nil, nil)
	if err != nil || seen.TV != 0 {
		t.Errorf("what is transparent counts as white: %+v, %v", seen, err)
	}
}
