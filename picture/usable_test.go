package picture

import (
	"errors"
	"image"
	"testing"
)

func TestWorkingSize(t *testing.T) {
	for _, tt := range []struct {
		width, height int // of the picture
		wide, high    int // at a shorter side of 100; 0 if it is unusable
	}{
		{300, 200, 150, 100},
		{20, 30, 100, 150},
		{8, 8, 100, 100},
		{8, 256, 100, 3200},
		{7, 8, 0, 0},
		{8, 257, 0, 0},
	} {
		height, width, err := WorkingSize("style", image.NewGray(image.Rect(0, 0, tt.width, tt.height)), 100)
		if tt.wide > 0 && (err != nil || width != tt.wide || height != tt.high) {
			t.Errorf("%dx%d: %dx%d, %v; want %dx%d", tt.width, tt.height, width, height, err, tt.wide, tt.high)
		}
		var unusable *UnusableError
		if tt.wide == 0 && (!errors.As(err, &unusable) || unusable.Picture != "style") {
			t.Errorf("%dx%d: %v", tt.width, tt.height, err)
		}
	}
}

func TestSameShape(t *testing.T) {
	for _, tt := range []struct {
		a, b image.Point
		same bool
	}{
		{image.Pt(42, 32), image.Pt(256, 192), true},     // a rounded small result of a 4:3 photo
		{image.Pt(1024, 768), image.Pt(256, 192), true},  // a photo
		{image.Pt(4000, 3000), image.Pt(256, 192), true}, // a large one
		{image.Pt(268, 192), image.Pt(693, 495), true},
		{image.Pt(30, 20), image.Pt(256, 192), false},
		{image.Pt(20, 30), image.Pt(256, 192), false},
		{image.Pt(4000, 2900), image.Pt(256, 192), false},
	} {
		if got := SameShape(tt.a, tt.b); got != tt.same || SameShape(tt.b, tt.a) != got {
			t.Errorf("%v and %v: %v", tt.a, tt.b, got)
		}
		err := CheckShape("content", image.NewGray(image.Rectangle{Max: tt.a}), "image", tt.b)
		var unusable *UnusableError
		if (err == nil) != tt.same || err != nil && !errors.As(err, &unusable) {
			t.Errorf("check of %v and %v: %v", tt.a, tt.b, err)
		}
	}
}
