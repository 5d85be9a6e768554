package picture

import (
	"cmp"
	"image"
	"regexp"
)

// orientation returns the EXIF orientation, 1 to 8: of a TIFF file itself, of EXIF
// data, or of XMP. Damaged metadata is no reason to refuse a picture whose pixels
// are sound: it counts as 1. It is odd if EXIF data tells a turn as bytes, not as a
// number: some programs follow it and some do not.
func (m metadata) orientation() (angle int, odd bool) {
	_, _, tags := openEXIF(m.exif)
	angle = 1
	if told := cmp.Or(m.turned, tags.number(tagOrientation, 0)); told != 0 {
		angle = validOrientation(told)
	} else if found := xmpOrientation.FindSubmatch(m.xmp); found != nil {
		angle = int(found[1][0] - '0')
	}
	kind := tags[tagOrientation].kind
	return angle, m.turned == 0 && angle != 1 && (kind == tiffByte || kind == tiffBytes)
}

// xmpOrientation finds an attribute or an element of XMP (XMP Specification, part 2, 3.4).
var xmpOrientation = regexp.MustCompile(`tiff:Orientation(?:\s*=\s*["']|>)\s*([1-8])\s*["'<]`)

func validOrientation(v uint64) int {
	if v < 1 || v > 8 {
		return 1
	}
	return int(v)
}

// upright undoes an EXIF orientation (EXIF 2.3, tag 0x0112), 1 to 8.
// img is what flatten returns.
func upright(img image.Image, orientation int) image.Image {
	if orientation == 1 {
		return img
	}
	b := img.Bounds()
	size := uprightSize(b, orientation)
	dst := newLike(img, size.X, size.Y)
	switch dst := dst.(type) {
	case *image.NRGBA:
		src := img.(*image.NRGBA)
		turn(dst.Pix, src.Pix, 4, size, turnFrom(orientation, b.Dx(), b.Dy()))
	case *image.NRGBA64:
		src := img.(*image.NRGBA64)
		turn(dst.Pix, src.Pix, 8, size, turnFrom(orientation, b.Dx(), b.Dy()))
	}
	return dst
}

// uprightAlpha is upright for the opacity, which may be nil.
func uprightAlpha(alpha *image.Alpha16, orientation int) *image.Alpha16 {
	if alpha == nil || orientation == 1 {
		return alpha
	}
	size := uprightSize(alpha.Rect, orientation)
	dst := image.NewAlpha16(image.Rectangle{Max: size})
	turn(dst.Pix, alpha.Pix, 2, size, turnFrom(orientation, alpha.Rect.Dx(), alpha.Rect.Dy()))
	return dst
}

func uprightSize(b image.Rectangle, orientation int) image.Point {
	if orientation >= 5 {
		return image.Pt(b.Dy(), b.Dx())
	}
	return b.Size()
}

// walk says which source pixel each destination pixel comes from, as indices
// into the source's pixels: origin + x*right + y*down.
type walk struct{ origin, right, down int }

// turnFrom is the walk over a w x h source that sets it upright.
func turnFrom(orientation, w, h int) walk {
	topRight, bottomLeft, last := w-1, (h-1)*w, h*w-1
	return [...]walk{
		1: {0, 1, w},
		2: {topRight, -1, w},   // mirrored left to right
		3: {last, -1, -w},      // turned by 180 degrees
		4: {bottomLeft, 1, -w}, // mirrored top to bottom
		5: {0, w, 1},           // transposed
		6: {bottomLeft, -w, 1}, // to be turned by 90 degrees clockwise
		7: {last, -w, -1},      // transposed along the other diagonal
		8: {topRight, w, -1},   // to be turned by 90 degrees anticlockwise
	}[orientation]
}

// turn copies pixels of n bytes; size is the size of dst, both are dense.
func turn(dst, src []byte, n int, size image.Point, from walk) {
	for y := range size.Y {
		at := from.origin + y*from.down
		row := dst[y*size.X*n:][:size.X*n]
		for len(row) > 0 {
			copy(row[:n], src[at*n:])
			row = row[n:]
			at += from.right
		}
	}
}
