package picture

import (
	"bytes"
	oldlzw "compress/lzw"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"slices"

	"golang.org/x/image/tiff/lzw"
)

// Compressions that are read.
const (
	tiffPlain      = 1
	tiffHuffman    = 2 // fax rows without ends of line
	tiffGroup3     = 3
	tiffGroup4     = 4
	tiffLZW        = 5
	tiffOldJPEG    = 6
	tiffJPEG       = 7
	tiffDeflate    = 8
	tiffDeflateOld = 32946
	tiffPackBits   = 32773
)

// otherCompressions have a name at least.
var otherCompressions = map[uint64]string{
	9: "JBIG", 10: "JBIG", 34661: "JBIG", 34676: "LogLuv", 34677: "LogLuv", 34712: "JPEG 2000",
	34892: "lossy DNG", 34925: "LZMA", 50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL",
}

// block is a strip or a tile: w x h pixels, of which those inside the page count.
type block struct {
	plane, x, y, w, h int
	raw               []byte
	isCut             bool // the file ends before raw does
}

// eachBlock hands out the blocks of a page, and stops at an error. Blocks may
// share their bytes, but not so often that reading them takes for ever.
func (p *tiffPage) eachBlock(data []byte, use func(block) error) error {
	budget := 16*len(data) + 64<<20
	for i := range p.planes * p.across() * p.down() {
		at := i % (p.across() * p.down())
		b := block{plane: i / (p.across() * p.down()), x: at % p.across() * p.blockW, y: at / p.across() * p.blockH, w: p.blockW, h: p.blockH}
		if !p.tiled {
			b.h = min(b.h, p.height-b.y)
		}
		offset := p.offsets[i]
		if offset >= uint64(len(data)) {
			return errEndsEarly
		}
		b.raw = data[offset:]
		b.isCut = i < len(p.counts) && p.counts[i] > uint64(len(b.raw))
		if i < len(p.counts) && p.counts[i] > 0 {
			b.raw = b.raw[:min(p.counts[i], uint64(len(b.raw)))]
		}
		if budget -= len(b.raw); budget < 0 {
			return errDamagedTIFF
		}
		if err := use(b); err != nil {
			return err
		}
	}
	return nil
}

// channels is the number of samples of a pixel in one block.
func (p *tiffPage) channels() int { return p.samples / p.planes }

// rowBytes is the length of a row of a block of this width.
func (p *tiffPage) rowBytes(w int) int { return (w*p.channels()*p.bits + 7) / 8 }

// unpack returns the samples of a block, row by row, each row beginning with a
// new byte; numbers of 16 bits are big-endian.
func (p *tiffPage) unpack(b block) ([]byte, error) {
	if p.number(tagFillOrder, 1) == 2 && p.compression != tiffJPEG {
		b.raw = bytes.Clone(b.raw)
		for i, v := range b.raw {
			b.raw[i] = bits.Reverse8(v)
		}
	}
	size := b.h * p.rowBytes(b.w)
	if p.isSubsampled() {
		size = p.subsampledBytes(b)
	}
	pixels, err := p.decompress(b, size)
	if err != nil {
		return nil, err
	}
	if len(pixels) < size {
		return nil, errEndsEarly
	}
	pixels = pixels[:size]
	if p.isSubsampled() {
		pixels = p.enlargeChroma(b, pixels)
	}
	return pixels, p.undoPredictor(pixels, b.w)
}

// decompress returns at most about size bytes.
func (p *tiffPage) decompress(b block, size int) ([]byte, error) {
	switch p.compression {
	case tiffPlain:
		return p.bigEndian(bytes.Clone(b.raw[:min(size, len(b.raw))])), nil
	case tiffHuffman, tiffGroup3, tiffGroup4:
		if p.bits != 1 || p.channels() != 1 {
			return nil, unsupported("it is packed as a fax, but has colours")
		}
		rows, damaged := unpackFax(b.raw, p.faxKind(), b.w, b.h)
		if damaged && len(rows) > 0 && !b.isCut {
			p.doubt("rows of its fax data are damaged or missing; what is missing is white")
			rows = append(rows, make([]byte, size-len(rows))...)
		}
		return rows, nil
	case tiffLZW:
		return p.bigEndian(readUpTo(newLZWReader(b.raw), size)), nil
	case tiffDeflate, tiffDeflateOld:
		r, err := zlib.NewReader(bytes.NewReader(b.raw))
		if err != nil {
			return nil, errDamagedTIFF
		}
		return p.bigEndian(readUpTo(r, size)), nil
	case tiffPackBits:
		return p.bigEndian(unpackBits(b.raw, size)), nil
	case tiffJPEG:
		return p.unpackJPEG(b)
	}
	if name := otherCompressions[p.compression]; name != "" {
		return nil, unsupported("it is compressed by " + name)
	}
	return nil, unsupported(fmt.Sprintf("it is compressed in a rare way (number %d of the TIFF standard)", p.compression))
}

// newLZWReader knows the codes of TIFF 6.0, section 13, and those of writers before
// TIFF 5.0, whose first code begins with the lowest bits, as in GIF.
func newLZWReader(packed []byte) io.Reader {
	if len(packed) >= 2 && packed[0] == 0 && packed[1]&1 == 1 {
		return oldlzw.NewReader(bytes.NewReader(packed), oldlzw.LSB, 8)
	}
	return lzw.NewReader(bytes.NewReader(packed), lzw.MSB, 8)
}

// readUpTo returns what can be read, at most size bytes; too little is the
// caller's to see.
func readUpTo(r io.Reader, size int) []byte {
	var b bytes.Buffer
	_, _ = b.ReadFrom(io.LimitReader(r, int64(size)))
	return b.Bytes()
}

// unpackBits undoes Apple's run-length code (TIFF 6.0, section 9).
func unpackBits(packed []byte, size int) []byte {
	out := make([]byte, 0, min(size, 128*len(packed)))
	for len(packed) >= 2 && len(out) < size {
		n := int(int8(packed[0]))
		switch {
		case n >= 0:
			literal := packed[1:min(n+2, len(packed))]
			out = append(out, literal...)
			packed = packed[1+len(literal):]
		case n == -128:
			packed = packed[1:]
		default:
			out = append(out, bytes.Repeat(packed[1:2], 1-n)...)
			packed = packed[2:]
		}
	}
	return out
}

// bigEndian turns the order of the bytes of numbers of 16 bits, in place.
func (p *tiffPage) bigEndian(pixels []byte) []byte {
	if p.bits == 16 && p.order() == binary.ByteOrder(binary.LittleEndian) {
		for i := 0; i+1 < len(pixels); i += 2 {
			pixels[i], pixels[i+1] = pixels[i+1], pixels[i]
		}
	}
	return pixels
}

func (p *tiffPage) order() binary.ByteOrder { return p.tiffTags[tagWidth].order }

// undoPredictor adds up what was stored as differences to the pixel on the left
// (TIFF 6.0, section 14), in place.
func (p *tiffPage) undoPredictor(pixels []byte, w int) error {
	predictor := p.number(tagPredictor, 1)
	packs := slices.Contains([]uint64{tiffLZW, tiffDeflate, tiffDeflateOld}, p.compression)
	if predictor == 1 || !packs {
		return nil
	}
	if predictor != 2 || p.bits < 8 {
		return unsupported("it is packed with a rare predictor")
	}
	row := p.rowBytes(w)
	for ; len(pixels) >= row; pixels = pixels[row:] {
		addUp(pixels[:row], p.channels(), p.bits)
	}
	return nil
}

func addUp(row []byte, channels, bits int) {
	if bits == 8 {
		for i := channels; i < len(row); i++ {
			row[i] += row[i-channels]
		}
		return
	}
	for i := 2 * channels; i+1 < len(row); i += 2 {
		sum := binary.BigEndian.Uint16(row[i:]) + binary.BigEndian.Uint16(row[i-2*channels:])
		binary.BigEndian.PutUint16(row[i:], sum)
	}
}
