package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"iter"
	"slices"
)

func decodeJPEG(file []byte) (image.Image, error) {
	colors := jpegColorsOf(file)
	img, err := jpeg.Decode(bytes.NewReader(colors.raw(file)))
	switch {
	case err == nil:
		return colors.finish(img), checkScans(file)
	case colors.sampled && hasRestartsInScans(file):
		return nil, unsupported("it has restart markers in scans of one colour, as a few progressive files have")
	}
	return nil, err
}

// hasRestartsInScans tells whether a file may have restart markers where image/jpeg looks
// for them too rarely: in scans of one component, where each block is a unit.
func hasRestartsInScans(file []byte) bool {
	scans, _, _ := jpegScans(file)
	alone := slices.ContainsFunc(scans, func(s jpegScan) bool { return len(s.header) > 0 && s.header[0] == 1 })
	return alone && bytes.Contains(file, []byte{0xff, markerDRI, 0, 4})
}

// checkScans tells if a progressive file lacks scans, which make a picture finer.
func checkScans(file []byte) error {
	for marker := range jpegSegments(file) {
		if marker != markerSOF2 {
			continue
		}
		if scans, _, _ := jpegScans(file); !isComplete(scans) {
			return shownAnyway("its last scans are missing; it is coarser than it should be")
		}
	}
	return nil
}

func jpegSize(file []byte) (image.Point, error) {
	if err := checkJPEGKind(file); err != nil {
		return image.Point{}, err
	}
	return sizeBy(jpeg.DecodeConfig)(file)
}

// checkJPEGKind names what is sound but not read (ITU T.81, table B.1).
func checkJPEGKind(file []byte) error {
	for marker, body := range jpegSegments(file) {
		isFrame := marker >= markerSOF0 && marker <= 0xcf && marker != markerDHT && marker != 0xc8 && marker != 0xcc || marker == 0xf7
		switch {
		case !isFrame || len(body) < 6:
			continue
		case body[0] != 8:
			return unsupported("its JPEG data has more than 8 bits per channel")
		case marker > 0xc2 && marker <= 0xc7, marker == 0xf7:
			return unsupported("its JPEG data is lossless or hierarchical")
		case marker > 0xc7:
			return unsupported("its JPEG data uses arithmetic coding")
		}
	}
	return nil
}

// jpegSegments yields the marker and the content of every segment before the
// first scan (ITU T.81, B.1.1), and passes over what is between them.
func jpegSegments(file []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		rest := file[min(len(file), 2):] // SOI
		for len(rest) >= 4 && (rest[0] != 0xff || rest[1] != markerSOS) {
			if rest[0] != 0xff || rest[1] == 0xff || rest[1] == 0 || rest[1] >= markerRST0 && rest[1] <= markerEOI {
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
