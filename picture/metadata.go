package picture

import "bytes"

// metadata is what a file says about its picture beside the pixels. All of it
// is optional and may be damaged.
type metadata struct {
	exif   []byte // directories in the form of a TIFF file
	turned uint64 // the orientation that a TIFF file tells by itself, 0 if none
	xmp    []byte // text of XML
	icc    []byte // an ICC profile; empty but not nil if it cannot be unpacked
	cicp   []byte // PNG's code for a colour space, which overrules the profile
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
		xmp, isXMP := bytes.CutPrefix(body, []byte("http://ns.adobe.com/xap/1.0/\x00"))
		part, isICC := bytes.CutPrefix(body, []byte("ICC_PROFILE\x00"))
		switch {
		case marker == markerAPP1 && isEXIF && m.exif == nil:
			m.exif = exif
		case marker == markerAPP1 && isXMP:
			m.xmp = xmp
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

// pngMetadata leaves the chunks gAMA, cHRM and sRGB alone, as Pillow does:
// what they say when there is no profile is nearly always "about sRGB".
func pngMetadata(file []byte) metadata {
	var m metadata
	for chunk := range pngChunks(file) {
		switch name, data := chunk.name, chunk.data; name {
		case "eXIf":
			m.exif = bytes.TrimPrefix(data, exifHeader)
		case "tEXt", "zTXt", "iTXt":
			if bytes.HasPrefix(data, []byte("XML:com.adobe.xmp\x00")) && m.xmp == nil {
				t, _, _ := parseText(name, data)
				m.xmp = []byte(t.Value) // not nil: one try is enough
			}
			if m.exif == nil && (bytes.HasPrefix(data, []byte("Raw profile type exif\x00")) || bytes.HasPrefix(data, []byte("Raw profile type APP1\x00"))) {
				m.exif = append([]byte{}, rawEXIF(name, data)...) // not nil: one try is enough
			}
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

func webpMetadata(file []byte) metadata {
	var m metadata
	for name, data := range webpChunks(file[webpHeader:]) {
		switch name {
		case "EXIF":
			m.exif = bytes.TrimPrefix(data, exifHeader)
		case "XMP ":
			m.xmp = data
		case "ICCP":
			m.icc = data
		}
	}
	return m
}

const (
	tagXMP = 700
	tagICC = 34675 // ICC.1, annex B.5
)

// tiffMetadata takes the page that is painted, too, where it is not the first.
func tiffMetadata(file []byte) metadata {
	m := metadata{}
	page, err := openTIFFPage(file)
	if err != nil {
		return m
	}
	if page.tiffTags[tagOrientation].kind != tiffByte { // some write one that is not meant
		m.turned = page.number(tagOrientation, 0)
	}
	m.xmp = page.tiffTags[tagXMP].raw
	if field, ok := page.tiffTags[tagICC]; ok {
		m.icc = append([]byte{}, field.raw...)
	}
	return m
}

func noMetadata([]byte) metadata { return metadata{} }
