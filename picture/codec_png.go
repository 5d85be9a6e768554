package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"iter"
	"slices"
	"strings"
)

func pngChunks(file []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		rest := file[min(len(file), len(pngSignature)):]
		for len(rest) >= 12 {
			length := int64(binary.BigEndian.Uint32(rest))
			if 12+length > int64(len(rest)) || !yield(string(rest[4:8]), rest[8:8+length]) {
				return
			}
			rest = rest[12+length:]
		}
	}
}

// mendPNG leaves out the chunks that a picture does not need if their checksums are
// wrong, gives pixels, which have another checksum within, the right one, and adds the end
// if it alone is missing. Go's decoder refuses all three.
func mendPNG(file []byte) (mended []byte, fault string) {
	rest := file[min(len(file), len(pngSignature)):]
	mended = slices.Clip(file[:len(file)-len(rest)])
	var wrong, faults []string
	ended, pixels := false, false
	for len(rest) >= 12 && !ended {
		length := 12 + uint64(binary.BigEndian.Uint32(rest))
		if length > uint64(len(rest)) {
			return file, ""
		}
		chunk, name := rest[:length], string(rest[4:8])
		rest = rest[length:]
		ended, pixels = name == "IEND", pixels || name == "IDAT"
		if name == "IDAT" && !hasChecksum(chunk) {
			mended = appendChunk(mended, name, string(chunk[8:length-4]))
			faults = []string{"a checksum of its pixels is wrong; see whether they are right"}
		} else if isNeeded(name) || hasChecksum(chunk) {
			mended = append(mended, chunk...)
		} else if !slices.Contains(wrong, name) {
			wrong = append(wrong, name)
		}
	}
	if wrong != nil {
		faults = append(faults, fmt.Sprintf("damaged parts beside the pixels were left out (%s)", strings.Join(wrong, ", ")))
	}
	if !ended && pixels && len(rest) == 0 {
		mended = appendChunk(mended, "IEND", "")
		faults = append(faults, "its end mark is missing")
	}
	if faults == nil {
		return file, ""
	}
	return mended, strings.Join(faults, "; ")
}

// isNeeded knows what a decoder must understand by the capital at the beginning. The
// transparency counts, too: without it the picture is another.
func isNeeded(chunk string) bool { return chunk[0]&0x20 == 0 || chunk == "tRNS" }

func hasChecksum(chunk []byte) bool {
	end := len(chunk) - 4
	return crc32.ChecksumIEEE(chunk[4:end]) == binary.BigEndian.Uint32(chunk[end:])
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
