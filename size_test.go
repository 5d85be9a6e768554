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
		size   string
		shape  image.Point
		worked int
		want   image.Point
	}{
		{"0", image.Pt(640, 480), 192, image.Pt(256, 192)},
		{"96", image.Pt(640, 480), 192, image.Pt(128, 96)},
		{"1000", image.Pt(480, 640), 192, image.Pt(1000, 1333)},
		{"128x96", image.Pt(640, 480), 192, image.Pt(128, 96)},
		{"1001x667", image.Pt(1500, 1000), 192, image.Pt(1001, 667)}, // rounded otherwise
	}
	for _, tt := range tests {
		s, err := ParseSize(tt.size)
		if err != nil || s.String() != tt.size || s.check() != nil {
			t.Errorf("%s: %v, %v, %v", tt.size, s, err, s.check())
		}
		if got, err := s.of(tt.shape, tt.worked); err != nil || got != tt.want {
			t.Errorf("%s of %v: %v, %v, want %v", tt.size, tt.shape, got, err, tt.want)
		}
	}
}

func TestBadSizes(t *testing.T) {
	for text, want := range map[string]string{
		"7": "8 to 16384", "-5": "8 to 16384", "16385": "8 to 16384", "640x7": "8 to 16384", "-640x480": "8 to 16384", "0x480": "8 to 16384",
		"8x300": "1:32", "480x640": "not the shape of the content, 640x480", "16384": "the limit of 200 megapixels",
	} {
		o, p := fineFake(), fakePictures()
		o.Size, _ = ParseSize(text)
		p.Content = gradientPicture(640, 480, 9)
		var refused *OptionError
		_, err := Transfer(context.Background(), &fakeModel{}, p, o)
		if !errors.As(err, &refused) || refused.Field != "size" || !strings.Contains(refused.Reason, want) {
			t.Errorf("%s: %v, want %q", text, err, want)
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
