package zellige

import (
	"context"
	"errors"
	"image"
	"image/color"
	"testing"
)

// A picture of 16 bits is that of 8 bits, more finely: it comes from the pixels.
func TestDeepResult(t *testing.T) {
	for _, keep := range []KeepColors{KeepOff, KeepLuma} {
		o := fakeOptions()
		o.KeepColors = keep
		flat := transferFake(t, &fakeModel{}, o).Image.(*image.NRGBA)
		o.Depth = 16
		deep := transferFake(t, &fakeModel{}, o).Image.(*image.NRGBA64)
		finer := 0
		for y := range flat.Rect.Dy() {
			for x := range flat.Rect.Dx() {
				a, b := flat.NRGBAAt(x, y), deep.NRGBA64At(x, y)
				// Stretch rounds down to a level, and the luma is of what was rounded.
				if d := int(b.R) - 257*int(a.R); d < -600 || d > 600 {
					t.Fatalf("%s, at %d,%d: %d of 65535 and %d of 255", keep, x, y, b.R, a.R)
				}
				if b.R%257 != 0 {
					finer++
				}
			}
		}
		if n := flat.Rect.Dx() * flat.Rect.Dy(); finer < n/2 {
			t.Errorf("%s: only %d of %d values are between two levels of 255", keep, finer, n)
		}
	}
}

func TestDepthIsChecked(t *testing.T) {
	for _, depth := range []int{0, 1, 10, 32, -8} {
		o := fakeOptions()
		o.Depth = depth
		var refused *OptionError
		if _, err := Transfer(context.Background(), &fakeModel{}, fakePictures(), o); !errors.As(err, &refused) || refused.Option != "Depth" {
			t.Errorf("depth %d: %v", depth, err)
		}
	}
}

func TestKeptAlpha(t *testing.T) {
	pictures := fakePictures() // 32x24, painted at 21x16
	pictures.Alpha = image.NewAlpha16(image.Rect(0, 0, 32, 24))
	for y := range 24 {
		for x := range 16 { // the left half is seen
			pictures.Alpha.SetAlpha16(x, y, color.Alpha16{A: 0xffff})
		}
	}
	for _, tt := range []struct {
		keep        bool
		left, right uint32
	}{{false, 0xffff, 0xffff}, {true, 0xffff, 0}} {
		o := fakeOptions()
		o.KeepAlpha = tt.keep
		var step image.Image
		o.Progress = func(s Step) { step = s.Image() }
		r, err := Transfer(context.Background(), &fakeModel{}, pictures, o)
		if err != nil {
			t.Fatal(err)
		}
		for name, img := range map[string]image.Image{"result": r.Image, "step": step} {
			_, _, _, left := img.At(1, 8).RGBA()
			_, _, _, right := img.At(19, 8).RGBA()
			if left != tt.left || right != tt.right {
				t.Errorf("keep %t, %s: opacity %d on the left, %d on the right", tt.keep, name, left, right)
			}
		}
	}
	pictures.Alpha = nil
	o := fakeOptions()
	o.KeepAlpha = true
	r, err := Transfer(context.Background(), &fakeModel{}, pictures, o)
	if err != nil || !r.Image.(*image.NRGBA).Opaque() {
		t.Errorf("an opaque content: %v", err)
	}
}
