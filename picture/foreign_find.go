package picture

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// findForeign tells what a file is that zellige knows only by name.
func findForeign(head []byte) (foreignKind, bool) {
	head = head[:min(len(head), headLength)]
	for _, find := range []func(head []byte) (foreignKind, bool){findBrand, findNetpbm, findMarkup, findPacked, findTGA} {
		if kind, ok := find(head); ok {
			return kind, true
		}
	}
	for _, f := range foreign { // some beginnings are those of Targa pictures, too
		if hasMagic(head, f.magic) {
			return f, true
		}
	}
	return foreignKind{}, false
}

// brands are those of pictures in the box that they share with videos.
var brands = []struct {
	kind   foreignKind
	brands string
}{
	{foreignKind{name: "a Canon raw photograph", advice: exportRaw}, "crx "},
	{foreignKind{name: "an AVIF picture", advice: convert}, "avif avis avio"},
	{foreignKind{name: "a HEIC picture", advice: exportHEIC}, "heic heix heim heis hevc hevx hevm hevs mif1 msf1 mif2 miaf"},
}

// findBrand looks into the first box: a brand, a version, and the brands that the
// file is compatible with.
func findBrand(head []byte) (kind foreignKind, found bool) {
	if !hasMagic(head, "????ftyp") {
		return foreignKind{}, false
	}
	length := int(head[2])<<8 | int(head[3])
	own := head[8:max(8, min(length, len(head)))]
	for _, b := range brands {
		for at := 0; at+4 <= len(own); at += 4 {
			if strings.Contains(b.brands, string(own[at:at+4])) {
				return b.kind, true
			}
		}
	}
	return foreignKind{name: "a video", advice: exportFrame}, true
}

// findNetpbm knows PBM, PGM, PPM, PAM and PFM by their letter and a space or line.
func findNetpbm(head []byte) (foreignKind, bool) {
	found := len(head) >= 3 && head[0] == 'P' && strings.IndexByte("1234567fF", head[1]) >= 0 && strings.IndexByte(" \t\r\n#", head[2]) >= 0
	return foreignKind{name: "a PPM picture (Netpbm)", advice: convert}, found
}

// findMarkup knows drawings and web pages, whatever prolog and comments they begin with.
func findMarkup(head []byte) (foreignKind, bool) {
	isMark := func(r rune) bool { return r == '\ufeff' || r == utf8.RuneError || unicode.IsSpace(r) } // of the order of bytes
	ascii := bytes.ReplaceAll(head, []byte{0}, nil)                                                   // of UTF-16, too
	text := strings.ToLower(strings.TrimLeftFunc(string(ascii), isMark))
	switch {
	case !strings.HasPrefix(text, "<"):
		return foreignKind{}, false
	case strings.Contains(text, "<svg"), strings.Contains(text, ":svg"), strings.Contains(text, "<!doctype svg"):
		return foreignKind{name: "an SVG drawing", advice: exportVector}, true
	case strings.Contains(text, "<html"), strings.Contains(text, "<!doctype html"):
		return foreignKind{name: "a web page", advice: "save the picture on it, not the page"}, true
	}
	return foreignKind{}, false
}

// findPacked looks into what gzip packed.
func findPacked(head []byte) (foreignKind, bool) {
	r, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return foreignKind{}, false
	}
	unpacked, _ := io.ReadAll(io.LimitReader(r, headLength)) // the head is cut short
	if kind, ok := findMarkup(unpacked); ok && strings.Contains(kind.name, "SVG") {
		return foreignKind{name: "a packed SVG drawing (SVGZ)", advice: exportVector}, true
	}
	return foreignKind{name: "a gzip archive", advice: "unpack it with gunzip, and give the picture"}, true
}

// findTGA knows Targa pictures, which begin with no mark, by a header that makes sense.
func findTGA(head []byte) (foreignKind, bool) {
	if len(head) < 18 {
		return foreignKind{}, false
	}
	in := func(b byte, list string) bool { return strings.IndexByte(list, b) >= 0 }
	mapped, kind, mapBits := head[1], head[2], head[7]
	sized := head[12]|head[13] != 0 && head[14]|head[15] != 0
	colors := mapped == 0 && in(kind, "\x02\x03\x0a\x0b") || mapped == 1 && in(kind, "\x01\x09") && in(mapBits, "\x0f\x10\x18\x20")
	found := sized && colors && in(head[16], "\x08\x0f\x10\x18\x20") && head[17]&0xc0 == 0
	return foreignKind{name: "a TGA picture", advice: convert}, found
}

// isText tells whether the bytes are the beginning of a text in UTF-8.
func isText(head []byte) bool {
	head = head[:min(len(head), headLength)]
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		cutShort := r == utf8.RuneError && len(head) < utf8.UTFMax
		if cutShort {
			return true
		}
		if r == utf8.RuneError || r < ' ' && strings.IndexByte("\t\n\r\f", head[0]) < 0 {
			return false
		}
		head = head[n:]
	}
	return true
}
