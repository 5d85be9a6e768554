package picture

import "image"

// unpackRuns unpacks pixels of 4 or 8 bits stored as runs. Pixels that are skipped
// have the first colour; those beyond a row are left out, as other programs do.
func (b *bmp) unpackRuns(img *image.Paletted) error {
	rest := b.pixels
	x, y := 0, 0
	tooLong := false
	for y < b.height {
		if len(rest) < 2 {
			return errEndsEarly
		}
		count, value := int(rest[0]), rest[1]
		rest = rest[2:]
		tooLong = tooLong || x+count > b.width
		switch {
		case count > 0:
			for i := range min(count, b.width-x) {
				img.Pix[b.line(y)*img.Stride+x+i] = b.part([]byte{value, value}, i&1)
			}
			x = min(x+count, b.width)
		case value == 0: // the row ends
			x, y = 0, y+1
		case value == 1: // the picture ends
			y = b.height
		case value == 2: // a jump
			if len(rest) < 2 {
				return errEndsEarly
			}
			x, y = min(x+int(rest[0]), b.width), y+int(rest[1])
			rest = rest[2:]
		default: // so many pixels, filled up to two bytes
			length := (int(value)*b.bits + 15) / 16 * 2
			if len(rest) < length {
				return errEndsEarly
			}
			for i := range min(int(value), b.width-x) {
				img.Pix[b.line(y)*img.Stride+x+i] = b.part(rest, i)
			}
			tooLong = tooLong || x+int(value) > b.width
			x = min(x+int(value), b.width)
			rest = rest[length:]
		}
	}
	if tooLong {
		return shownAnyway("it has rows that are longer than it is wide; the picture may be wrong")
	}
	return nil
}

// part is the i-th pixel of packed ones.
func (b *bmp) part(packed []byte, i int) byte {
	if b.bits == 8 {
		return packed[i]
	}
	return packed[i/2] >> (4 - i%2*4) & 15
}
