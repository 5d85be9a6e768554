package picture

import (
	"encoding/binary"
	"image"
	"image/color"
)

// Blocks of a GIF file (GIF89a, sections 18 to 25).
const (
	gifHeader     = 13 // signature and screen
	gifFrameBytes = 10
	gifExtension  = 0x21
	gifControl    = 0xf9 // of the extension that tells the transparent colour
	gifImage      = 0x2c
	gifTrailer    = 0x3b
)

// gifFrame is the first frame of a GIF file. Go's image/gif refuses what every
// viewer shows: extensions that it does not know, codes of 1 or of more than 8 bits,
// frames that stick out, indices beyond the palette.
type gifFrame struct {
	screen     image.Point // enlarged to hold the frame, as browsers do
	place      image.Rectangle
	colors     [256]color.NRGBA
	interlaced bool
	bits       int // of a pixel before it is packed
	packed     []byte
}

// readGIF reads all that stands before the pixels, and these as they are packed.
func readGIF(file []byte) (*gifFrame, error) {
	if len(file) < gifHeader {
		return nil, errEndsEarly
	}
	global, rest := gifPalette(file[10], file[gifHeader:])
	transparent := -1
	for len(rest) > 0 && rest[0] != gifTrailer {
		switch {
		case rest[0] == gifExtension && len(rest) > 1:
			label := rest[1]
			body, after := gifBlocks(rest[2:])
			if label == gifControl && len(body) >= 4 && body[0]&1 != 0 {
				transparent = int(body[3])
			}
			rest = after
		case rest[0] == gifImage && len(rest) > gifFrameBytes:
			f := &gifFrame{}
			return f, f.read(file, rest, global, transparent)
		default:
			rest = rest[1:] // some writers end blocks twice
		}
	}
	if len(rest) == 0 {
		return nil, errEndsEarly
	}
	return nil, errDamaged
}

// read reads the frame that begins at rest.
func (f *gifFrame) read(file, rest, global []byte, transparent int) error {
	at := func(b []byte, i int) int { return int(binary.LittleEndian.Uint16(b[i:])) }
	f.place = image.Rect(at(rest, 1), at(rest, 3), at(rest, 1)+at(rest, 5), at(rest, 3)+at(rest, 7))
	f.screen = image.Pt(max(at(file, 6), f.place.Max.X), max(at(file, 8), f.place.Max.Y))
	f.interlaced = rest[9]&0x40 != 0
	local, rest := gifPalette(rest[9], rest[gifFrameBytes:])
	if local == nil {
		local = global
	}
	f.setColors(local)
	if transparent >= 0 {
		f.colors[transparent] = color.NRGBA{}
	}
	if len(rest) == 0 {
		return errEndsEarly
	}
	f.bits = int(rest[0])
	if f.bits < 1 || f.bits >= gifMaxWidth {
		return errDamaged
	}
	f.packed, _ = gifBlocks(rest[1:])
	return nil
}

// setColors takes red, green and blue of each index; those that are not there are
// black, and greys if there are none at all (GIF89a, section 19).
func (f *gifFrame) setColors(palette []byte) {
	for i := range f.colors {
		f.colors[i] = color.NRGBA{A: 255}
		if palette == nil {
			f.colors[i] = color.NRGBA{uint8(i), uint8(i), uint8(i), 255}
		} else if 3*i+2 < len(palette) {
			f.colors[i] = color.NRGBA{palette[3*i], palette[3*i+1], palette[3*i+2], 255}
		}
	}
}

// gifPalette returns the palette that flags announce, nil if they announce none, and
// what follows it.
func gifPalette(flags byte, rest []byte) (palette, after []byte) {
	if flags&0x80 == 0 {
		return nil, rest
	}
	n := min(3<<(flags&7+1), len(rest))
	return rest[:n:n], rest[n:]
}

// gifBlocks joins blocks up to an empty one, and returns what follows that.
func gifBlocks(rest []byte) (body, after []byte) {
	for len(rest) > 0 && rest[0] != 0 {
		n := min(1+int(rest[0]), len(rest))
		body = append(body, rest[1:n]...)
		rest = rest[n:]
	}
	return body, rest[min(1, len(rest)):]
}

func gifSize(file []byte) (image.Point, error) {
	f, err := readGIF(file)
	if err != nil {
		return image.Point{}, err
	}
	return f.screen, nil
}

// decodeGIF puts the first frame where it belongs on the screen, which a frame need
// not fill.
func decodeGIF(file []byte) (image.Image, error) {
	f, err := readGIF(file)
	if err != nil {
		return nil, err
	}
	w, h := f.place.Dx(), f.place.Dy()
	pixels, err := unpackGIF(f.packed, f.bits, w*h)
	if err != nil {
		return nil, err
	}
	canvas := image.NewNRGBA(image.Rectangle{Max: f.screen})
	for i, index := range pixels {
		canvas.SetNRGBA(f.place.Min.X+i%w, f.place.Min.Y+f.row(i/w), f.colors[index])
	}
	switch {
	case len(pixels) < w*h:
		return canvas, shownAnyway("its pixels end before the picture does; the rest is white")
	case f.place != canvas.Rect:
		return canvas, shownAnyway("its first frame fills only a part; the rest is white")
	}
	return canvas, nil
}

// row is where the i-th row of the file belongs (GIF89a, appendix E).
func (f *gifFrame) row(i int) int {
	if !f.interlaced {
		return i
	}
	h := f.place.Dy()
	for _, pass := range [4]struct{ first, step int }{{0, 8}, {4, 8}, {2, 4}, {1, 2}} {
		n := (h - pass.first + pass.step - 1) / pass.step
		if i < n {
			return pass.first + i*pass.step
		}
		i -= max(n, 0)
	}
	return h - 1
}
