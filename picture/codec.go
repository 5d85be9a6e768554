package picture

import (
	"bytes"
	"image"
	"image/png"
	"io"
)

// format is one kind of image file.
type format struct {
	name   string
	magic  string // what a file begins with; '?' stands for any byte
	decode func(file []byte) (image.Image, error)
	size   func(file []byte) (image.Point, error)
	meta   func(file []byte) metadata
	// mend, if there is one, makes a sound file of one that cannot be decoded though
	// other programs show it, and says what was wrong; "" if nobody needs to know.
	mend func(file []byte) (mended []byte, fault string)
}

var formats = []format{
	{"JPEG", "\xff\xd8\xff", decodeJPEG, jpegSize, jpegMetadata, mendJPEG},
	{"PNG", pngSignature, decodeBy(png.Decode), sizeBy(png.DecodeConfig), pngMetadata, mendPNG},
	{"GIF", "GIF8?a", decodeGIF, gifSize, noMetadata, nil},
	{"WebP", "RIFF????WEBP", decodeWebP, webpSize, webpMetadata, nil},
	{"TIFF", "II*\x00", decodeTIFF, tiffSize, tiffMetadata, nil},
	{"TIFF", "MM\x00*", decodeTIFF, tiffSize, tiffMetadata, nil},
	{"TIFF", "II+\x00", decodeTIFF, tiffSize, tiffMetadata, nil},
	{"TIFF", "MM\x00+", decodeTIFF, tiffSize, tiffMetadata, nil},
	{"BMP", "BM", decodeBMP, bmpSize, noMetadata, nil},
}

func decodeBy(decode func(io.Reader) (image.Image, error)) func([]byte) (image.Image, error) {
	return func(file []byte) (image.Image, error) { return decode(bytes.NewReader(file)) }
}

func sizeBy(decode func(io.Reader) (image.Config, error)) func([]byte) (image.Point, error) {
	return func(file []byte) (image.Point, error) {
		config, err := decode(bytes.NewReader(file))
		return image.Pt(config.Width, config.Height), err
	}
}

// headLength is how many bytes of a file sniff and describe look at.
const headLength = 4096

// sniff finds the format by the first bytes, never by the file's name.
func sniff(head []byte) (format, bool) {
	for _, f := range formats {
		if hasMagic(head, f.magic) {
			return f, true
		}
	}
	return format{}, false
}

func hasMagic(head []byte, magic string) bool {
	if len(head) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && magic[i] != head[i] {
			return false
		}
	}
	return true
}
