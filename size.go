package zellige

import (
	"fmt"
	"image"
	"strconv"

	"zellige/picture"
)

// Size is how large a result is, in pixels: both sides, or, with Height 0, its
// shorter side alone. The zero Size is the size that is worked at.
type Size struct{ Width, Height int }

func (s Size) String() string {
	if s.Height == 0 {
		return strconv.Itoa(s.Width)
	}
	return fmt.Sprintf("%dx%d", s.Width, s.Height)
}

func (s Size) point() image.Point { return image.Pt(s.Width, s.Height) }

func (s Size) check() error {
	if s == (Size{}) {
		return nil
	}
	sides := []int{s.Width, s.Height}
	if s.Height == 0 {
		sides = sides[:1]
	}
	for _, side := range sides {
		if side < MinSize || side > MaxSize {
			return &OptionError{Option: "Size", Reason: fmt.Sprintf("is %v, must be %d to %d pixels a side", s, MinSize, MaxSize)}
		}
	}
	if s.Height > 0 && max(s.Width, s.Height) > picture.MaxAspect*min(s.Width, s.Height) {
		return &OptionError{Option: "Size", Reason: fmt.Sprintf("is %v, must be at most 1:%d", s, picture.MaxAspect)}
	}
	return nil
}

// of returns the size of a result of the given shape, whatever the size of that;
// worked is the shorter side that it is worked at. Errors: *[OptionError].
func (s Size) of(shape image.Point, worked int) (size image.Point, err error) {
	switch {
	case s == (Size{}):
		size.X, size.Y = picture.Size(worked, shape.X, shape.Y)
		return size, nil
	case s.Height == 0:
		size.X, size.Y = picture.Size(s.Width, shape.X, shape.Y)
	default:
		size = s.point()
	}
	if !picture.SameShape(size, shape) {
		return size, &OptionError{Option: "Size", Reason: fmt.Sprintf("is %v, which is not the shape of the content, %dx%d; give the shorter side alone",
			s, shape.X, shape.Y)}
	}
	if size.X*size.Y > picture.MaxPixels {
		return size, &OptionError{Option: "Size", Reason: fmt.Sprintf("makes a result of %dx%d pixels, more than the limit of %d megapixels",
			size.X, size.Y, picture.MaxPixels/1_000_000)}
	}
	return size, nil
}
