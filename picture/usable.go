package picture

import (
	"fmt"
	"image"
)

// Limits of the pictures that are worked with.
const (
	MinSide   = 8  // the shorter side, in pixels
	MaxAspect = 32 // the longer side over the shorter
)

// UnusableError says which of several pictures cannot be worked with.
type UnusableError struct {
	Picture string // its part: "content", "style_2", "image", ...
	Reason  string
}

func (e *UnusableError) Error() string { return e.Picture + " picture " + e.Reason }

// WorkingSize returns the size, in pixels, at which a picture is worked with: its
// shorter side becomes short. The error is an *[UnusableError] if the picture is
// smaller than [MinSide] or longer than [MaxAspect] lets it be.
func WorkingSize(name string, img image.Image, short int) (height, width int, err error) {
	size := img.Bounds().Size()
	shorter, longer := min(size.X, size.Y), max(size.X, size.Y)
	if shorter < MinSide {
		return 0, 0, &UnusableError{name, fmt.Sprintf("is %dx%d pixels, at least %d a side are needed", size.X, size.Y, MinSide)}
	}
	if longer > MaxAspect*shorter {
		return 0, 0, &UnusableError{name, fmt.Sprintf("is %dx%d pixels, at most 1:%d is accepted; crop it", size.X, size.Y, MaxAspect)}
	}
	width, height = Size(short, size.X, size.Y)
	return height, width, nil
}

// SameShape reports whether two sizes are of one shape, up to a pixel of rounding in
// the smaller of the two.
func SameShape(a, b image.Point) bool {
	difference := a.X*b.Y - a.Y*b.X
	return max(difference, -difference) <= max(a.X, a.Y, b.X, b.Y)
}

// CheckShape returns an *[UnusableError] if a picture has not the shape of something
// else, which the error calls other.
func CheckShape(name string, img image.Image, other string, shape image.Point) error {
	if size := img.Bounds().Size(); !SameShape(size, shape) {
		return &UnusableError{name, fmt.Sprintf("is %dx%d pixels, which is not the shape of the %s, %dx%d; crop it",
			size.X, size.Y, other, shape.X, shape.Y)}
	}
	return nil
}
