package picture

import (
	"bytes"
	"encoding/binary"
	"io"
	"iter"

	"golang.org/x/image/riff"
)

// metadata is what a file says about its picture beside the pixels. All of it
// is optional and may be damaged.
type metadata struct {
	tiff []byte // directories in the form of a TIFF file: EXIF data, or a TIFF file itself
	icc  []byte // an ICC profile; empty but not nil if it cannot be unpacked
	cicp []byte // PNG's code for a colour space, which overrules the profile
}

// exifHeader stands before EXIF data in a JPEG file, and in WebP files of some writers.
var exifHeader = []byte("Exif\x00\x00")

// jpegMetadata collects EXIF data and the profile, which may be spread over up
// to 255 segments (ICC.1, annex B.4). Where one is missing the rest is too
// short and fails the check for damage.
func jpegMetadata(file []byte) metadata {
	var m metadata
	var parts [256][]byte
	for marker, body := range jpegSegments(file) {
		exif, isEXIF := bytes.CutPrefix(body, exifHeader)
		part, isICC := bytes.CutPrefix(body, []byte("ICC_PROFILE\x00"))
		switch {
		case marker == markerAPP1 && isEXIF && m.tiff == nil:
			m.tiff = exif
		case marker == markerAPP2 && isICC && len(part) > 2:
			parts[part[0]] = part[2:]
			m.icc = []byte{}
		}
	}
	if m.icc != nil {
		m.icc = bytes.Join(parts[1:], nil)
	}
	return m
}

// jpegSegments yields the marker and the content of every segment before the
// first scan (ITU T.81, B.1.1).
func jpegSegments(file []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		rest := file[min(len(file), 2):] // SOI
		for len(rest) >= 4 && rest[0] == 0xff && rest[1] != markerSOS {
			if rest[1] == 0xff { // padding
				rest = rest[1:]
				continue
			}
			length := int(binary.BigEndian.Uint16(rest[2:])) // counts itself
			if length < 2 || 2+length > len(rest) || !yield(rest[1], rest[4:2+length]) {
				return
			}
			rest = rest[2+length:]
		}
	}
}

// pngMetadata leaves the chunks gAMA, cHRM and sRGB alone, as Pillow does:
// what they say when there is no profile is nearly always "about sRGB".
func pngMetadata(file []byte) metadata {
	var m metadata
	for name, data := range pngChunks(file) {
		switch name {
		case "eXIf":
			m.tiff = data
		case "iCCP":
			m.icc = pngProfile(data)
		case "cICP":
			m.cicp = data
		}
	}
	return m
}

// pngProfile unpacks an iCCP chunk: a name, a compression method, zlib data.
func pngProfile(data []byte) []byte {
	_, packed, _ := bytes.Cut(data, []byte{0})
	profile, err := inflate(packed[min(1, len(packed)):], maxProfileBytes)
	if err != nil {
		return []byte{}
	}
	return profile
}

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

func webpMetadata(file []byte) metadata {
	var m metadata
	_, chunks, err := riff.NewReader(bytes.NewReader(file))
	for err == nil {
		var id riff.FourCC
		var content io.Reader
		id, _, content, err = chunks.Next()
		if err != nil {
			break
		}
		switch string(id[:]) {
		case "EXIF":
			m.tiff, _ = io.ReadAll(content)
			m.tiff = bytes.TrimPrefix(m.tiff, exifHeader)
		case "ICCP":
			m.icc, _ = io.ReadAll(content)
		}
	}
	return m
}

// tagICC is the profile's tag in a TIFF file (ICC.1, annex B.5).
const tagICC = 34675

func tiffMetadata(file []byte) metadata {
	m := metadata{tiff: file}
	if t, ok := openTIFF(file); ok {
		first, _ := t.directory(t.first())
		if e := first.find(tagICC); e != nil {
			m.icc = append([]byte{}, t.bytes(e)...)
		}
	}
	return m
}

func noMetadata([]byte) metadata { return metadata{} }
