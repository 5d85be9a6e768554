package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"sync"
)

// mendJPEG adds the end mark that is missing where a writer died after the last
// pixel, and the Huffman tables that frames of Motion JPEG leave out, gives every
// component a name of its own, and makes a comment of a segment that tells the number of
// lines once more, which image/jpeg does not know.
func mendJPEG(file []byte) (mended []byte, fault string) {
	file = bytes.ReplaceAll(file, []byte{0xff, markerDNL, 0}, []byte{0xff, markerCOM, 0})
	scans, hasTables, ended := jpegScans(file)
	if len(scans) == 0 {
		return file, ""
	}
	renameComponents(file, scans)
	mended = file
	if !ended && isComplete(scans) {
		fault = "its end mark is missing; see whether the picture is whole"
		mended = append(file, 0xff, markerEOI)
	}
	if hasTables {
		return mended, fault
	}
	at := scans[0].at
	return bytes.Join([][]byte{mended[:at], usualTables(), mended[at:]}, nil), fault
}

// renameComponents gives components of the same name others, in place. The first of a
// name in a scan is the first in the frame, and so on.
func renameComponents(file []byte, scans []jpegScan) {
	names := map[byte][]byte{} // the new ones of each old one
	var taken [256]bool
	for marker, body := range jpegSegments(file) {
		if marker < markerSOF0 || marker > markerSOF2 {
			continue
		}
		for at := 6; at < len(body); at += 3 {
			old := body[at]
			for taken[body[at]] {
				body[at]++
			}
			taken[body[at]] = true
			names[old] = append(names[old], body[at])
		}
	}
	for _, s := range scans {
		seen := map[byte]int{}
		for at := 1; at+3 < len(s.header); at += 2 {
			old := s.header[at]
			if seen[old] < len(names[old]) {
				s.header[at] = names[old][seen[old]]
			}
			seen[old]++
		}
	}
}

// jpegScan is the header of a scan: its components and the part of their
// frequencies that it holds.
type jpegScan struct {
	at     int // of its marker in the file
	header []byte
}

// jpegScans finds the scans of a file, and tells whether there are Huffman tables
// and an end mark.
func jpegScans(file []byte) (scans []jpegScan, hasTables, ended bool) {
	at := 2
	for at+4 <= len(file) {
		skip := bytes.IndexByte(file[at:len(file)-3], 0xff) // over pixels
		if skip < 0 {
			break
		}
		at += skip
		marker := file[at+1]
		switch {
		case marker == 0x00, marker == 0xff, marker >= markerRST0 && marker <= markerRST7:
			at++ // a pixel's byte, padding or a restart
			continue
		case marker == markerEOI:
			return scans, hasTables, true
		}
		length := int(binary.BigEndian.Uint16(file[at+2:]))
		if at+2+length > len(file) || length < 2 {
			return scans, hasTables, false
		}
		hasTables = hasTables || marker == markerDHT
		if marker == markerSOS {
			scans = append(scans, jpegScan{at, file[at+4 : at+2+length]})
		}
		at += 2 + length
	}
	return scans, hasTables, bytes.HasSuffix(file, []byte{0xff, markerEOI})
}

// isComplete tells whether the scans hold every bit of every frequency of all
// components that they name. Progressive files begin with the coarse ones; without
// the last scans they are pictures, but not the whole picture.
func isComplete(scans []jpegScan) bool {
	whole := map[byte]*[64]bool{}
	for _, s := range scans {
		if len(s.header) < 1 || len(s.header) < 4+2*int(s.header[0]) {
			return false
		}
		n := int(s.header[0])
		first, last, low := s.header[1+2*n], s.header[2+2*n], s.header[3+2*n]&15
		for c := range n {
			component := s.header[1+2*c]
			if whole[component] == nil {
				whole[component] = new([64]bool)
			}
			for f := first; f <= last && f < 64; f++ {
				whole[component][f] = low == 0
			}
		}
	}
	for _, frequencies := range whole {
		for _, w := range frequencies {
			if !w {
				return false
			}
		}
	}
	return true
}

// usualTables are those of ITU T.81, K.3, which every encoder without tables of its
// own uses, Go's too.
var usualTables = sync.OnceValue(func() []byte {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewRGBA(image.Rect(0, 0, 1, 1)), nil); err != nil {
		return nil
	}
	var tables []byte
	for marker, body := range jpegSegments(file.Bytes()) {
		if marker == markerDHT {
			tables = appendSegment(tables, markerDHT, body)
		}
	}
	return tables
})
