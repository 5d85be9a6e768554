package zellige

import (
	"context"
	"errors"
	"image"
	"math"
	"testing"

	"zellige/picture"
	"zellige/runtime"
)

// deepFake is the fake model with enough layers to be a judge; all of them are
// the pixels themselves.
type deepFake struct{ fakeModel }

func (d *deepFake) Info() *runtime.Info {
	info := d.fakeModel.Info()
	for i := 1; i < 13; i++ {
		l := info.Layers[0]
		l.Index = i
		info.Layers = append(info.Layers, l)
	}
	return info
}

func TestMeasure(t *testing.T) {
	content, style := gradientPicture(30, 20, 40), gradientPicture(25, 25, 200)
	v, err := Measure(context.Background(), &deepFake{}, content, content, style)
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

func TestMeasureLeavesOut(t *testing.T) {
	img := gradientPicture(30, 20, 40)
	alone, err := Measure(context.Background(), &deepFake{}, img, nil, nil)
	if err != nil || alone.Content != nil || alone.SSIM != nil || alone.Style9 != nil || alone.Color != nil || alone.Layers != nil || alone.TV <= 0 {
		t.Errorf("alone: %+v, %v", alone, err)
	}
	styled, err := Measure(context.Background(), &deepFake{}, img, nil, img)
	if err != nil || styled.Style9 != nil || styled.Color == nil || *styled.Color != 0 {
		t.Errorf("with a style alone: %+v, %v", styled, err)
	}
}

func TestMeasureRefuses(t *testing.T) {
	var refused *PictureError
	_, err := Measure(context.Background(), &deepFake{}, gradientPicture(30, 20, 40), gradientPicture(20, 30, 40), nil)
	if !errors.As(err, &refused) || refused.Picture != "content" {
		t.Errorf("content of another shape: %v", err)
	}
	_, err = Measure(context.Background(), &deepFake{}, gradientPicture(3, 3, 40), nil, nil)
	if !errors.As(err, &refused) || refused.Picture != "image" {
		t.Errorf("tiny image: %v", err)
	}
	img := gradientPicture(30, 20, 40)
	v, err := Measure(context.Background(), &fakeModel{}, img, img, img)
	if !errors.As(err, &refused) || refused.Picture != "image" {
		t.Errorf("network without the layers: %v", err)
	}
	if v.SSIM == nil || v.Color == nil || v.TV == 0 || v.Content != nil || v.Style9 != nil {
		t.Errorf("what needs no network is not measured, or more is: %+v", v)
	}
}

// Layers in batches give what all layers at once give.
func TestMeasureInBatches(t *testing.T) {
	img, content, style := gradientPicture(1800, 1100, 40), gradientPicture(450, 275, 90), gradientPicture(25, 25, 200)
	j, err := newJudge(&deepFake{}, img, content, style)
	if err != nil || len(j.batches()) < 2 {
		t.Fatal(j.batches(), err)
	}
	v, err := Measure(context.Background(), &deepFake{}, img, content, style)
	if err != nil || len(v.Layers) != 12 {
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
func TestMeasureOfLargePictures(t *testing.T) {
	large := image.NewNRGBA(image.Rect(0, 0, 3000, 2000))
	for i := range 3000 * 2000 {
		grey := byte(255 * ((i%3000 + i/3000) % 2))
		copy(large.Pix[4*i:], []byte{grey, grey, grey, 255})
	}
	j, err := newJudge(&deepFake{}, large, gradientPicture(300, 200, 9), nil)
	if err != nil || j.height*j.width > maxJudged || j.height*j.width < maxJudged*9/10 || j.content.Bounds() != j.image.Bounds() {
		t.Errorf("compared at %dx%d, %v", j.width, j.height, err)
	}
	if v, err := Measure(context.Background(), &deepFake{}, large, nil, nil); err != nil || v.Checker != 1 || v.TV != 2 {
		t.Errorf("checkerboard: %+v, %v", v, err)
	}
}

func TestMeasureOfTransparentPictures(t *testing.T) {
	img := gradientPicture(30, 20, 40)
	clear := image.NewAlpha16(img.Bounds())
	seen, err := Measure(context.Background(), &deepFake{}, picture.WithAlpha(img, clear), nil, nil)
	if err != nil || seen.TV != 0 {
		t.Errorf("what is transparent counts as white: %+v, %v", seen, err)
	}
}
