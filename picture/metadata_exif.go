package picture

import (
	"bytes"
	"encoding/hex"
	"strings"
)

// maxEXIFBytes is what one JPEG segment can hold behind its length and header.
const maxEXIFBytes = 0xffff - 2 - 6

// Tags of EXIF 2.3 and TIFF 6.0.
const (
	tagOrientation     = 0x0112
	tagThumbnail       = 0x0201
	tagThumbnailLength = 0x0202
	tagEXIFDirectory   = 0x8769
	tagColorSpace      = 0xa001
	tagPixelWidth      = 0xa002
	tagPixelHeight     = 0xa003
)

// openEXIF reads the first directory of EXIF data, which has the form of a TIFF file,
// and where that lies. There are no tags if it is damaged.
func openEXIF(exif []byte) (f tiffFile, first uint64, tags tiffTags) {
	f, first, err := openTIFFFile(exif)
	if err != nil || exif[0] != exif[1] || exif[0] != 'I' && exif[0] != 'M' {
		return f, 0, nil
	}
	tags, _, _ = f.tags(first)
	return f, first, tags
}

// keepEXIF returns a copy of EXIF data that holds for the picture as [ReadFile]
// returns it: turned upright, in sRGB, without the thumbnail of the old picture.
// It is changed in place, so that maker's notes, whose inner offsets nobody
// knows, stay readable. Damaged data and data without any entry give nil.
func keepEXIF(exif []byte) []byte {
	f, first, tags := openEXIF(bytes.Clone(exif))
	if len(tags) == 0 || f.big || len(exif) > maxEXIFBytes {
		return nil
	}
	tags.set(tagOrientation, 1)
	f.details(tags).set(tagColorSpace, 1)
	kept := f.withoutThumbnail(first)
	if angle, _ := (metadata{exif: kept}).orientation(); angle != 1 {
		return nil // an order nobody foresaw; better no EXIF than a turned picture
	}
	return kept
}

// details are the tags of the directory that the first one names, or none.
func (f tiffFile) details(first tiffTags) tiffTags {
	tags, _, _ := f.tags(first.number(tagEXIFDirectory, 0))
	return tags
}

// set makes a field hold the number v alone, in the memory of the file; a missing field
// stays missing.
func (t tiffTags) set(tag uint16, v uint32) {
	f, there := t[tag]
	if !there || f.entry == nil {
		return
	}
	clear(f.entry)
	f.order.PutUint32(f.entry[2:], 1)
	if v <= 0xffff {
		f.order.PutUint16(f.entry, tiffShort)
		f.order.PutUint16(f.entry[6:], uint16(v))
		return
	}
	f.order.PutUint16(f.entry, tiffLong)
	f.order.PutUint32(f.entry[6:], v)
}

// withoutThumbnail unlinks the second directory and wipes what it describes: the
// thumbnail may show what was cut off or painted over later. It returns the data, which
// are shorter if the thumbnail was the last of them.
func (f tiffFile) withoutThumbnail(first uint64) []byte {
	entries := func(at uint64) uint64 { return 12 * uint64(f.order.Uint16(f.data[at:])) }
	rest := f.data[first+2+entries(first):]
	link := rest[:min(4, len(rest))]
	_, second, _ := f.tags(first)
	clear(link)
	tags, _, err := f.tags(second)
	if err != nil {
		return f.data
	}
	at, length := tags.number(tagThumbnail, 0), tags.number(tagThumbnailLength, 0)
	clear(f.data[second+2:][:entries(second)])
	if n := uint64(len(f.data)); at < 8 || at > n || length > n-at {
		return f.data
	}
	clear(f.data[at:][:length])
	if at+length == uint64(len(f.data)) {
		return f.data[:at]
	}
	return f.data
}

// sizedEXIF returns EXIF data with the size of the picture, where it tells one.
func sizedEXIF(exif []byte, w, h int) []byte {
	f, _, tags := openEXIF(bytes.Clone(exif))
	if f.big || tags == nil {
		return exif
	}
	details := f.details(tags)
	details.set(tagPixelWidth, uint32(w))
	details.set(tagPixelHeight, uint32(h))
	return f.data
}

// rawEXIF reads the EXIF data that ImageMagick hides in a PNG's text: a name, a
// length, and the bytes as hexadecimal digits.
func rawEXIF(name string, chunk []byte) []byte {
	t, ok, err := parseText(name, chunk)
	if err != nil || !ok {
		return nil
	}
	fields := strings.Fields(t.Value)
	if len(fields) < 3 {
		return nil
	}
	exif, err := hex.DecodeString(strings.Join(fields[2:], ""))
	if err != nil {
		return nil
	}
	return bytes.TrimPrefix(exif, exifHeader)
}
