package picture

import "strings"

const (
	// readable names the formats for the hints in errors.
	readable = "give a JPEG, PNG, GIF, WebP, TIFF or BMP file"
	// convert is what to do with a picture of another format.
	convert = "save it as PNG with the program it comes from, or with GIMP or ImageMagick, and give that"

	exportRaw    = "export it as TIFF or JPEG with the camera's program, darktable or RawTherapee"
	exportVector = "export it as PNG with a browser or Inkscape"
	exportFrame  = "save one frame of it as PNG"
	exportHEIC   = "export it as JPEG (on a Mac in Photos by File > Export, on an iPhone by mailing it to yourself, " +
		"elsewhere with heif-convert); for new ones choose Settings > Camera > Formats > Most Compatible on the iPhone"
)

// foreignKind is a kind of file that people give by mistake, and what to do then.
type foreignKind struct{ name, magic, advice string }

var foreign = []foreignKind{
	{"a JPEG XL picture", "\xff\x0a", convert},
	{"a JPEG XL picture", "\x00\x00\x00\x0cJXL ", convert},
	{"a JPEG 2000 picture", "\x00\x00\x00\x0cjP  ", convert},
	{"a JPEG 2000 picture", "\xff\x4f\xff\x51", convert},
	{"a JPEG XR picture", "II\xbc", convert},
	{"an MNG animation", "\x8aMNG", convert},
	{"a JNG picture", "\x8bJNG", convert},
	{"a BPG picture", "BPG\xfb", convert},
	{"a FLIF picture", "FLIF", convert},
	{"a JBIG2 picture", "\x97JB2", convert},
	{"a Photoshop document", "8BPS", convert},
	{"a GIMP document", "gimp xcf", convert},
	{"an icon (ICO)", "\x00\x00\x01\x00?\x00", convert},
	{"a cursor (CUR)", "\x00\x00\x02\x00?\x00", convert},
	{"an icon (ICNS)", "icns", convert},
	{"a bitmap without its file header (DIB)", "\x28\x00\x00\x00????????\x01\x00", convert},
	{"a bitmap without its file header (DIB)", "\x6c\x00\x00\x00????????\x01\x00", convert},
	{"a bitmap without its file header (DIB)", "\x7c\x00\x00\x00????????\x01\x00", convert},
	{"an OpenEXR picture", "v/1\x01", convert},
	{"a Radiance HDR picture", "#?RADIANCE", convert},
	{"a Radiance HDR picture", "#?RGBE", convert},
	{"a farbfeld picture", "farbfeld", convert},
	{"a DPX picture", "SDPX", convert},
	{"a DPX picture", "XPDS", convert},
	{"a Cineon picture", "\x80\x2a\x5f\xd7", convert},
	{"a KTX texture", "\xabKTX ", convert},
	{"an ILBM picture", "FORM????ILBM", convert},
	{"an ILBM picture", "FORM????PBM ", convert},
	{"a MIFF picture", "id=ImageMagick", convert},
	{"a DICOM picture", strings.Repeat("?", 128) + "DICM", convert},
	{"an array of OS/2 bitmaps", "BA????????????BM", convert},
	{"a QOI picture", "qoif", convert},
	{"a DDS texture", "DDS ", convert},
	{"a FITS picture", "SIMPLE  =", convert},
	{"a Sun raster picture", "\x59\xa6\x6a\x95", convert},
	{"an SGI picture", "\x01\xda", convert},
	{"a PCX picture", "\x0a?\x01", convert},
	{"an X pixmap", "/* XPM */", convert},
	{"an X bitmap", "#define ", convert},
	{"a DjVu document", "AT&TFORM", convert},
	{"a Canon raw photograph", "II*\x00????CR", exportRaw},
	{"a Fujifilm raw photograph", "FUJIFILMCCD-RAW", exportRaw},
	{"an Olympus raw photograph", "IIRO", exportRaw},
	{"an Olympus raw photograph", "IIRS", exportRaw},
	{"an Olympus raw photograph", "MMOR", exportRaw},
	{"a Panasonic raw photograph", "IIU\x00", exportRaw},
	{"a Sigma raw photograph", "FOVb", exportRaw},
	{"a Minolta raw photograph", "\x00MRM", exportRaw},
	{"a PDF document", "%PDF-", "export the page as PNG"},
	{"a PostScript document", "%!PS", "export it as PNG"},
	{"a PostScript document", "\xc5\xd0\xd3\xc6", "export it as PNG"},
	{"a Windows metafile", "\xd7\xcd\xc6\x9a", convert},
	{"a Windows metafile", "\x01\x00\x09\x00\x00\x03", convert},
	{"a Windows metafile", "\x01\x00\x00\x00" + strings.Repeat("?", 36) + " EMF", convert},
	{"a video", "RIFF????AVI ", exportFrame},
	{"a video", "\x1a\x45\xdf\xa3", exportFrame},
	{"a video", "\x00\x00\x01\xba", exportFrame},
	{"a video", "\x00\x00\x01\xb3", exportFrame},
	{"a video", "\x00???moov", exportFrame},
	{"a video", "\x00???mdat", exportFrame},
	{"a video", "\x00\x00\x00\x08wide", exportFrame},
	{"a video", "FLV\x01", exportFrame},
	{"a video or sound file (Ogg)", "OggS", exportFrame},
	{"a sound file", "RIFF????WAVE", readable},
	{"a ZIP archive", "PK\x03\x04", "unpack it, or open it with its program, and give the picture"},
	{"a Git LFS pointer", "version https://git-lfs", "run `git lfs pull`"},
}
