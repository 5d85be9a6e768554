package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// pngParts is what a decoder needs of a file.
type pngParts struct {
	header, palette, transparency []byte // the contents of IHDR, PLTE and tRNS
	packed                        []byte // of all IDAT
	others                        []byte // whole chunks with text, colour profile and so on
	faults                        []string
}

// mendPNG makes of a careless file one that Go's decoder accepts: with right checksums, no
// pixels behind the last row, a palette and a transparency of the right length at the right
// place, and an end mark.
func mendPNG(file []byte) (mended []byte, fault string) {
	parts, ok := pngPartsOf(file)
	if !ok {
		return file, ""
	}
	pixels, ok := parts.pixels(len(file))
	if !ok {
		return file, ""
	}
	mended = appendChunk([]byte(pngSignature), "IHDR", string(parts.header))
	palette, transparency := parts.colors()
	if palette != nil {
		mended = appendChunk(mended, "PLTE", string(palette))
	}
	if transparency != nil {
		mended = appendChunk(mended, "tRNS", string(transparency))
	}
	mended = append(mended, parts.others...)
	mended = appendChunk(mended, "IDAT", string(pixels))
	if parts.faults == nil {
		parts.faults = []string{"its parts have wrong lengths or places; see whether the picture is right"}
	}
	return appendChunk(mended, "IEND", ""), strings.Join(parts.faults, "; ")
}

// pngPartsOf leaves out what has a wrong checksum, and gives up if the picture would be
// another without it. Pixels have another checksum within.
func pngPartsOf(file []byte) (p pngParts, ok bool) {
	var wrong []string
	ended, pixelsWrong := false, false
	for chunk := range pngChunks(file) {
		switch name := chunk.name; {
		case name == "IEND":
			ended = true
		case name == "IDAT":
			p.packed = append(p.packed, chunk.data...)
			pixelsWrong = pixelsWrong || !chunk.hasChecksum()
		case chunk.hasChecksum():
			p.keep(chunk)
		case isNeeded(name):
			return p, false
		case !slices.Contains(wrong, name):
			wrong = append(wrong, name)
		}
	}
	if pixelsWrong {
		p.faults = append(p.faults, "a checksum of its pixels is wrong; see whether they are right")
	}
	if wrong != nil {
		p.faults = append(p.faults, fmt.Sprintf("damaged parts beside the pixels were left out (%s)", strings.Join(wrong, ", ")))
	}
	if !ended {
		p.faults = append(p.faults, "its end mark is missing")
	}
	return p, len(p.header) == 13
}

// isNeeded knows what a decoder must understand by the capital at the beginning. The
// transparency counts, too: without it the picture is another.
func isNeeded(chunk string) bool { return chunk[0]&0x20 == 0 || chunk == "tRNS" }

// keep takes the first of each kind.
func (p *pngParts) keep(chunk pngChunk) {
	only := map[string]*[]byte{"IHDR": &p.header, "PLTE": &p.palette, "tRNS": &p.transparency}[chunk.name]
	switch {
	case only == nil:
		p.others = append(p.others, chunk.whole...)
	case *only == nil:
		*only = chunk.data
	}
}

// pixels packs as many bytes as the size takes, without what is behind them. It gives up if
// there are fewer, or others than their checksum says.
func (p *pngParts) pixels(fileBytes int) (packed []byte, ok bool) {
	size, ok := rawPNGBytes(p.header, fileBytes)
	if !ok {
		return nil, false
	}
	source := bytes.NewReader(p.packed)
	unpacked, err := zlib.NewReader(source)
	if err != nil {
		return nil, false
	}
	var repacked bytes.Buffer
	to, _ := zlib.NewWriterLevel(&repacked, zlib.NoCompression) // a valid level
	if _, err := io.CopyN(to, unpacked, size); err != nil || to.Close() != nil {
		return nil, false
	}
	surplus, err := unpacked.Read(make([]byte, 1))
	switch {
	case errors.Is(err, zlib.ErrChecksum):
		return nil, false
	case surplus > 0, err == io.EOF && source.Len() > 0:
		p.faults = append(p.faults, "what follows its last row was left out; see whether its size is right")
	case err != io.EOF:
		p.faults = append(p.faults, "the end of its pixels is missing; see whether they are right")
	}
	return repacked.Bytes(), true
}

// rawPNGBytes returns how many bytes the rows of a picture take, each behind the number of its
// filter (PNG specification, 7.2 and 8.1).
func rawPNGBytes(header []byte, fileBytes int) (size int64, ok bool) {
	width, height := int(binary.BigEndian.Uint32(header)), int(binary.BigEndian.Uint32(header[4:]))
	depth, color, interlaced := int(header[8]), header[9], header[12] != 0
	channels := map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
	if checkDeclaredSize(width, height, fileBytes) != nil || channels == 0 {
		return 0, false
	}
	passes := [][4]int{{0, 0, 1, 1}} // first column and row, distances between them
	if interlaced {
		passes = [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
	}
	for _, p := range passes {
		columns, rows := (width-p[0]+p[2]-1)/p[2], (height-p[1]+p[3]-1)/p[3]
		if columns > 0 {
			size += int64(rows * (1 + (columns*channels*depth+7)/8))
		}
	}
	return size, true
}

// colors returns the palette and the transparency, as long as the colours of the pixels
// want them, or nil without them.
func (p *pngParts) colors() (palette, transparency []byte) {
	const grey, rgb, indexed = 0, 2, 3
	switch color := p.header[9]; {
	case color == indexed:
		n := min(len(p.palette)/3, 1<<p.header[8])
		return p.palette[:3*n], p.transparency[:min(len(p.transparency), n)]
	case color == grey && len(p.transparency) >= 2:
		return nil, p.transparency[:2]
	case color == rgb && len(p.transparency) >= 6:
		return nil, p.transparency[:6]
	}
	return nil, nil
}
