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

// keepEXIF returns a copy of EXIF data that holds for the picture as [ReadFile]
// returns it: turned upright, in sRGB, without the thumbnail of the old picture.
// It is changed in place, so that maker's notes, whose inner offsets nobody
// knows, stay readable. Damaged data and data without any entry give nil.
func keepEXIF(exif []byte) []byte {
	t, ok := openTIFF(bytes.Clone(exif))
	if !ok || len(t.data) > maxEXIFBytes {
		return nil
	}
	first, ok := t.directory(t.first())
	if !ok || len(first.entries) == 0 {
		return nil
	}
	t.set(first.find(tagOrientation), 1)
	if details, ok := t.directory(t.number(first.find(tagEXIFDirectory))); ok {
		t.set(details.find(tagColorSpace), 1)
	}
	t.dropThumbnail(first)
	if validOrientation(exifOrientation(t.data)) != 1 {
		return nil // an order nobody foresaw; better no EXIF than a turned picture
	}
	return t.data
}

// dropThumbnail unlinks the second directory and wipes what it describes: the
// thumbnail may show what was cut off or painted over later.
func (t *tiffData) dropThumbnail(first directory) {
	second, ok := t.directory(t.order.Uint32(first.next))
	clear(first.next)
	if !ok {
		return
	}
	at := t.number(second.find(tagThumbnail))
	thumbnail := t.part(at, t.number(second.find(tagThumbnailLength)))
	clear(second.entries)
	if len(thumbnail) == 0 || at < 8 {
		return
	}
	clear(thumbnail)
	if int(at)+len(thumbnail) == len(t.data) {
		t.data = t.data[:at]
	}
}

// sizedEXIF returns EXIF data with the size of the picture, where it tells one.
func sizedEXIF(exif []byte, w, h int) []byte {
	t, ok := openTIFF(bytes.Clone(exif))
	if !ok {
		return exif
	}
	first, _ := t.directory(t.first())
	if details, ok := t.directory(t.number(first.find(tagEXIFDirectory))); ok {
		t.set(details.find(tagPixelWidth), uint32(w))
		t.set(details.find(tagPixelHeight), uint32(h))
	}
	return t.data
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
