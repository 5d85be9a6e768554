package zellige

import (
	"context"
	"errors"
	"image"
	"strings"
	"testing"
)

func TestSizeOf(t *testing.T) {
	tests := []struct {
		size   Size
		text   string
		shape  image.Point
		worked int
		want   image.Point
	}{
		{Size{0, 0}, "0", image.Pt(640, 480), 192, image.Pt(256, 192)},
		{Size{96, 0}, "96", image.Pt(640, 480), 192, image.Pt(128, 96)},
		{Size{1000, 0}, "1000", image.Pt(480, 640), 192, image.Pt(1000, 1333)},
		{Size{128, 96}, "128x96", image.Pt(640, 480), 192, image.Pt(128, 96)},
		{Size{1001, 667}, "1001x667", image.Pt(1500, 1000), 192, image.Pt(1001, 667)}, // rounded otherwise
	}
	for _, tt := range tests {
		if tt.size.String() != tt.text || tt.size.check() != nil {
			t.Errorf("%s: %v, %v", tt.text, tt.size, tt.size.check())
		}
		if got, err := tt.size.of(tt.shape, tt.worked); err != nil || got != tt.want {
			t.Errorf("%s of %v: %v, %v, want %v", tt.size, tt.shape, got, err, tt.want)
		}
	}
}

func TestBadSizes(t *testing.T) {
	for size, want := range map[Size]string{
		{7, 0}: "8 to 16384", {-5, 0}: "8 to 16384", {16385, 0}: "8 to 16384", {640, 7}: "8 to 16384", {-640, 480}: "8 to 16384", {0, 480}: "8 to 16384",
		{8, 300}: "1:32", {480, 640}: "not the shape of the content, 640x480", {16384, 0}: "the limit of 200 megapixels",
	} {
		o, p := fineFake(), fakePictures()
		o.Size = size
		p.Content = gradientPicture(640, 480, 9)
		var refused *OptionError
		_, err := Transfer(context.Background(), &fakeModel{}, p, o)
		if !errors.As(err, &refused) || refused.Option != "Size" || !strings.Contains(refused.Reason, want) {
			t.Errorf("%v: %v, want %q", size, err, want)
		}
	}
}

// TestSizeOfTheResult: it is the picture as it was painted, enlarged or shrunk,
// also on the way.
func TestSizeOfTheResult(t *testing.T) {
	o := fineFake()
	o.Size, o.KeepColors = Size{Width: 48}, KeepLuma
	o.Progress = func(s Step) {
		if size := s.Image().Bounds().Size(); size != image.Pt(64, 48) {
			t.Errorf("iteration %d: %v", s.Iteration, size)
		}
	}
	r := transferFake(t, &fakeModel{}, o)
	if r.Image.Bounds().Size() != image.Pt(64, 48) || r.Height != 16 || len(r.Pixels) != 3*r.Height*r.Width {
		t.Errorf("%v of %dx%d", r.Image.Bounds(), r.Width, r.Height)
	}
}
