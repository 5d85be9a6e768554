package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"iter"
)

// pngChunk is a part of a file; the last may be cut short.
type pngChunk struct {
	name  string
	data  []byte
	whole []byte // with the length, the name and the checksum
}

func pngChunks(file []byte) iter.Seq[pngChunk] {
	return func(yield func(pngChunk) bool) {
		rest := file[min(len(file), len(pngSignature)):]
		for len(rest) >= 8 {
			end := min(8+int(binary.BigEndian.Uint32(rest)), len(rest))
			chunk := pngChunk{string(rest[4:8]), rest[8:end], rest[:min(end+4, len(rest))]}
			if !yield(chunk) || chunk.name == "IEND" {
				return
			}
			rest = rest[len(chunk.whole):]
		}
	}
}

func (c pngChunk) hasChecksum() bool {
	end := 8 + len(c.data)
	return len(c.whole) == end+4 && crc32.ChecksumIEEE(c.whole[4:end]) == binary.BigEndian.Uint32(c.whole[end:])
}

func encodePNG(w io.Writer, img image.Image, meta Metadata) error {
	chunks, err := textChunks(meta.Texts)
	if err != nil {
		return err
	}
	if len(meta.EXIF) > 0 {
		size := img.Bounds().Size()
		chunks = appendChunk(chunks, "eXIf", string(sizedEXIF(meta.EXIF, size.X, size.Y)))
	}
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return err
	}
	_, err = w.Write(insertChunks(file.Bytes(), chunks))
	return err
}
