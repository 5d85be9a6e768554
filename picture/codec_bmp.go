package picture

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"math/bits"
)

// Ways in which BMP packs pixels.
const (
	bmpPlain      = 0
	bmpRuns8      = 1
	bmpRuns4      = 2
	bmpMasks      = 3
	bmpAlphaMasks = 6
)

// bmp is the header of a BMP file: of Windows, of any version, or of OS/2.
type bmp struct {
	width, height int
	topDown       bool
	bits          int // of a pixel
	packing       uint32
	masks         [4]uint32 // where red, green, blue and opacity lie in 16 or 32 bits; opacity may be 0
	palette       color.Palette
	pixels        []byte
}

const (
	bmpFileHeader = 14
	bmpOS2Header  = 12 // the oldest, of numbers of 16 bits
	bmpInfoHeader = 40
)

func bmpSize(file []byte) (image.Point, error) {
	b, err := readBMP(file)
	if err != nil {
		return image.Point{}, err
	}
	return image.Pt(b.width, b.height), nil
}

// readBMP reads everything that stands before the pixels.
func readBMP(file []byte) (*bmp, error) {
	if len(file) < bmpFileHeader+bmpOS2Header {
		return nil, errEndsEarly
	}
	offset, length := binary.LittleEndian.Uint32(file[10:]), binary.LittleEndian.Uint32(file[14:])
	if length != bmpOS2Header && (length < 16 || length > 1024) {
		return nil, errDamaged
	}
	if uint64(bmpFileHeader+length) > uint64(len(file)) {
		return nil, errEndsEarly
	}
	header := make([]byte, max(length, bmpInfoHeader)) // short ones leave out zeros
	copy(header, file[bmpFileHeader:][:length])
	b, colors := &bmp{}, 0
	if length == bmpOS2Header {
		b.readOS2(header)
	} else {
		colors = b.readInfo(header)
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	rest := b.readMasks(header[:length], file[bmpFileHeader+length:])
	end := len(file) - len(rest)
	if b.bits <= 8 {
		end += b.readPalette(rest, colors, int(offset)-end, length == bmpOS2Header)
	}
	end = max(end, int(min(offset, uint32(len(file))))) // some headers say too little
	b.pixels = file[min(end, len(file)):]
	return b, nil
}

func (b *bmp) readOS2(header []byte) {
	b.width, b.height = int(binary.LittleEndian.Uint16(header[4:])), int(binary.LittleEndian.Uint16(header[6:]))
	b.bits = int(binary.LittleEndian.Uint16(header[10:]))
}

// readInfo returns the number of colours in the palette, 0 if it is the usual one.
func (b *bmp) readInfo(header []byte) (colors int) {
	b.width, b.height = int(int32(binary.LittleEndian.Uint32(header[4:]))), int(int32(binary.LittleEndian.Uint32(header[8:])))
	if b.height < 0 {
		b.height, b.topDown = -b.height, true
	}
	b.bits = int(binary.LittleEndian.Uint16(header[14:]))
	b.packing = binary.LittleEndian.Uint32(header[16:])
	return int(min(binary.LittleEndian.Uint32(header[32:]), 1<<16))
}

func (b *bmp) check() error {
	fits := map[uint32][]int{bmpPlain: {1, 2, 4, 8, 16, 24, 32}, bmpRuns8: {8}, bmpRuns4: {4}, bmpMasks: {16, 32}, bmpAlphaMasks: {16, 32}}
	for _, bits := range fits[b.packing] {
		if b.bits == bits {
			return nil
		}
	}
	if b.bits == 0 && (b.packing == 4 || b.packing == 5) {
		return unsupported("it holds a JPEG or PNG file instead of pixels")
	}
	return unsupported(fmt.Sprintf("it packs pixels of %d bits in a rare way", b.bits))
}

// readMasks returns what follows the header and its masks. Without an opacity
// declared there is none, whatever the fourth byte of a pixel holds.
func (b *bmp) readMasks(header, rest []byte) []byte {
	b.masks = [4]uint32{0xff0000, 0xff00, 0xff, 0}
	if b.bits == 16 {
		b.masks = [4]uint32{0x7c00, 0x3e0, 0x1f, 0}
	}
	if b.packing != bmpMasks && b.packing != bmpAlphaMasks {
		return rest
	}
	from := header[min(bmpInfoHeader, len(header)):]
	if len(from) < 12 { // the oldest header with masks has them behind itself
		n := 12
		if b.packing == bmpAlphaMasks {
			n = 16
		}
		from = rest[:min(n, len(rest))]
		rest = rest[len(from):]
	}
	for i := range b.masks {
		if b.masks[i] = 0; len(from) >= 4 {
			b.masks[i] = binary.LittleEndian.Uint32(from)
			from = from[4:]
		}
	}
	return rest
}

// readPalette returns its length in bytes. There are room bytes before the pixels;
// colours that a pixel names but that are not there are black.
func (b *bmp) readPalette(rest []byte, colors, room int, os2 bool) int {
	size := 4
	if os2 {
		size = 3
	}
	if colors == 0 || colors > 1<<b.bits {
		colors = 1 << b.bits
	}
	if room > 0 {
		colors = min(colors, room/size)
	}
	colors = min(colors, len(rest)/size)
	for i := range colors {
		c := rest[i*size:]
		b.palette = append(b.palette, color.NRGBA{c[2], c[1], c[0], 255})
	}
	return colors * size
}

func decodeBMP(file []byte) (image.Image, error) {
	b, err := readBMP(file)
	if err != nil {
		return nil, err
	}
	r := image.Rect(0, 0, b.width, b.height)
	if b.bits > 8 {
		img := image.NewNRGBA(r)
		err := b.eachRow(func(y int, row []byte) { b.colors(img.Pix[y*img.Stride:][:img.Stride], row) })
		if err == nil && b.masks[3] != 0 && showInvisible(img) {
			err = shownAnyway("it says that all of it is transparent; it is shown all the same")
		}
		return img, err
	}
	img := image.NewPaletted(r, b.palette)
	if b.packing != bmpPlain {
		return img, b.unpackRuns(img)
	}
	return img, b.eachRow(func(y int, row []byte) {
		for x := range b.width {
			img.Pix[y*img.Stride+x] = row[x*b.bits/8] >> (8 - b.bits - x*b.bits%8) & (1<<b.bits - 1)
		}
	})
}

// showInvisible makes a picture opaque of which nothing could be seen, and reports
// that: its writer declared an opacity and did not fill it in.
func showInvisible(img *image.NRGBA) bool {
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] != 0 {
			return false
		}
	}
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return true
}

// eachRow hands out the rows of pixels that are not packed, which end at a multiple
// of four bytes.
func (b *bmp) eachRow(use func(y int, row []byte)) error {
	length := (b.width*b.bits + 31) / 32 * 4
	need := (b.width*b.bits + 7) / 8 // the last row may lack its filling
	for i := range b.height {
		row := b.pixels[min(i*length, len(b.pixels)):]
		if len(row) < need {
			return errEndsEarly
		}
		use(b.line(i), row)
	}
	return nil
}

// line is where the i-th row of the file belongs: it begins at the bottom.
func (b *bmp) line(i int) int {
	if b.topDown {
		return i
	}
	return b.height - 1 - i
}

// colors converts a row of 16, 24 or 32 bits to red, green, blue and opacity.
func (b *bmp) colors(to, row []byte) {
	for x := range b.width {
		q := to[4*x : 4*x+4 : 4*x+4]
		q[3] = 255
		switch b.bits {
		case 24:
			q[0], q[1], q[2] = row[3*x+2], row[3*x+1], row[3*x]
			continue
		case 16:
			b.split(q, uint32(binary.LittleEndian.Uint16(row[2*x:])))
		case 32:
			b.split(q, binary.LittleEndian.Uint32(row[4*x:]))
		}
	}
}

// split spreads the parts of a pixel over 0 to 255.
func (b *bmp) split(q []byte, pixel uint32) {
	for i, mask := range b.masks {
		if mask == 0 {
			continue
		}
		shift := bits.TrailingZeros32(mask)
		largest := uint64(mask >> shift)
		q[i] = uint8((uint64(pixel&mask>>shift)*255 + largest/2) / largest)
	}
}
