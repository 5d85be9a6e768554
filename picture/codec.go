package picture

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"unicode/utf8"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// readable names the formats for the hints in errors.
const readable = "give a JPEG, PNG, GIF, WebP, TIFF or BMP file"

// format is one kind of image file.
type format struct {
	name   string
	magic  string // what a file begins with; '?' stands for any byte
	decode func(io.Reader) (image.Image, error)
	config func(io.Reader) (image.Config, error)
	meta   func(file []byte) metadata
}

var formats = []format{
	{"JPEG", "\xff\xd8\xff", decodeJPEG, jpeg.DecodeConfig, jpegMetadata},
	{"PNG", "\x89PNG\r\n\x1a\n", png.Decode, png.DecodeConfig, pngMetadata},
	{"GIF", "GIF8?a", decodeGIF, gif.DecodeConfig, noMetadata},
	{"WebP", "RIFF????WEBP", decodeWebP, webp.DecodeConfig, webpMetadata},
	{"TIFF", "II*\x00", tiff.Decode, tiff.DecodeConfig, tiffMetadata},
	{"TIFF", "MM\x00*", tiff.Decode, tiff.DecodeConfig, tiffMetadata},
	{"BMP", "BM", bmp.Decode, bmp.DecodeConfig, noMetadata},
}

// foreign are the kinds of file that people give by mistake.
var foreign = []struct{ name, magic string }{
	{"a HEIC picture", "????ftyphei"},
	{"a HEIC picture", "????ftypmif1"},
	{"an AVIF picture", "????ftypavi"},
	{"a video", "????ftyp"},
	{"a JPEG XL picture", "\xff\x0a"},
	{"a JPEG XL picture", "\x00\x00\x00\x0cJXL "},
	{"a JPEG 2000 picture", "\x00\x00\x00\x0cjP  "},
	{"a Photoshop document", "8BPS"},
	{"a PDF document", "%PDF-"},
	{"an SVG drawing", "<svg"},
	{"a web page", "<!DOCTYPE html"},
	{"a web page", "<html"},
	{"a ZIP archive", "PK\x03\x04"},
	{"a Git LFS pointer; run `git lfs pull`", "version https://git-lfs"},
}

// headLength is how many bytes of a file sniff and describe look at.
const headLength = 512

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

// describe says in words what a file that is no picture begins like.
func describe(head []byte) string {
	for _, f := range foreign {
		if hasMagic(head, f.magic) {
			return f.name
		}
	}
	if isText(head) {
		return "text"
	}
	return "no known kind of picture"
}

func isText(head []byte) bool {
	head = head[:min(len(head), headLength)]
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		cutShort := r == utf8.RuneError && len(head) < utf8.UTFMax
		if cutShort {
			return true
		}
		if r == utf8.RuneError || r < ' ' && !bytes.ContainsRune([]byte("\t\n\r\f"), r) {
			return false
		}
		head = head[n:]
	}
	return true
}
