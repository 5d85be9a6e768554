package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"slices"
)

// jpegQuality is libjpeg's scale of 1 to 100.
const jpegQuality = 95

// encodeJPEG writes a baseline JPEG without chroma subsampling (4:4:4).
//
// Go's encoder always halves the chroma of colour pictures, which blurs the
// saturated brush strokes this program makes, but it writes grey pictures in
// full. A baseline JPEG may hold each component in a scan of its own (ITU T.81,
// A.2.2), and such a scan is bit for bit that of a grey picture. So each of Y,
// Cb and Cr is encoded as a grey picture and the three scans are put under one
// common header. All three then share the finer luma quantisation.
func encodeJPEG(w io.Writer, img image.Image, meta Metadata) error {
	var scans [3]greyJPEG
	for i, plane := range planesOf(img) {
		scan, err := encodeGrey(plane)
		if err != nil {
			return err
		}
		scans[i] = scan
	}
	file := append([]byte(nil), 0xff, markerSOI)
	file = append(file, jfifHeader...)
	exif, err := exifSegment(meta.EXIF, img.Bounds().Size())
	if err != nil {
		return err
	}
	file = append(file, exif...)
	file = append(file, scans[0].tables...)
	file = append(file, frameHeader(img.Bounds().Size())...)
	for i, scan := range scans {
		file = append(file, 0xff, markerSOS, 0, 8, 1, byte(i+1), 0x00, 0, 63, 0)
		file = append(file, scan.data...)
	}
	_, err = w.Write(append(file, 0xff, markerEOI))
	return err
}

// Markers of ITU T.81, table B.1.
const (
	markerSOF0  = 0xc0
	markerSOF2  = 0xc2 // progressive
	markerDHT   = 0xc4
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDNL   = 0xdc // number of lines
	markerDRI   = 0xdd // restart interval
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP2  = 0xe2
	markerAPP14 = 0xee // Adobe's: what the components are
	markerCOM   = 0xfe // comment
)

// jfifHeader says that the components are YCbCr: version 1.02, square pixels.
var jfifHeader = []byte("\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00")

// exifSegment is empty if there is no EXIF data (EXIF 2.3, 4.5.4).
func exifSegment(exif []byte, size image.Point) ([]byte, error) {
	switch {
	case len(exif) == 0:
		return nil, nil
	case len(exif) > maxEXIFBytes:
		return nil, fmt.Errorf("the EXIF data has %d bytes; JPEG allows %d", len(exif), maxEXIFBytes)
	}
	return appendSegment(nil, markerAPP1, slices.Concat(exifHeader, sizedEXIF(exif, size.X, size.Y))), nil
}

// frameHeader declares three components, numbered 1 to 3, of one sample per
// pixel each, all with quantisation table 0.
func frameHeader(size image.Point) []byte {
	h := []byte{0xff, markerSOF0, 0, 17, 8}
	h = binary.BigEndian.AppendUint16(h, uint16(size.Y))
	h = binary.BigEndian.AppendUint16(h, uint16(size.X))
	return append(h, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0)
}

// planesOf returns Y, Cb and Cr by JFIF's formula.
func planesOf(img image.Image) [3]*image.Gray {
	src := shallow(flatten(img))
	var planes [3]*image.Gray
	for i := range planes {
		planes[i] = image.NewGray(src.Rect)
	}
	for i := range planes[0].Pix {
		p := src.Pix[4*i : 4*i+3 : 4*i+3]
		planes[0].Pix[i], planes[1].Pix[i], planes[2].Pix[i] = color.RGBToYCbCr(p[0], p[1], p[2])
	}
	return planes
}

// greyJPEG is the part of a one-component file that is of use in another.
type greyJPEG struct {
	tables []byte // DQT and DHT segments
	data   []byte // entropy-coded
}

var errScanLayout = errors.New("image/jpeg no longer writes a grey picture as one plain scan")

func encodeGrey(plane *image.Gray) (greyJPEG, error) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, plane, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return greyJPEG{}, err
	}
	return splitGrey(file.Bytes())
}

// splitGrey takes all segments but the frame's, which frameHeader replaces, and the only scan.
func splitGrey(file []byte) (g greyJPEG, err error) {
	for marker, body := range jpegSegments(file) {
		if marker != markerSOF0 {
			g.tables = appendSegment(g.tables, marker, body)
		}
	}
	scans, _, ended := jpegScans(file)
	if len(scans) != 1 || !ended {
		return g, errScanLayout
	}
	g.data = file[scans[0].at+4+len(scans[0].header) : len(file)-2] // EOI
	return g, nil
}

func appendSegment(dst []byte, marker byte, body []byte) []byte {
	dst = append(dst, 0xff, marker)
	dst = binary.BigEndian.AppendUint16(dst, uint16(2+len(body)))
	return append(dst, body...)
}

// shallow rounds to 8 bits per channel.
func shallow(img image.Image) *image.NRGBA {
	deep, ok := img.(*image.NRGBA64)
	if !ok {
		return img.(*image.NRGBA)
	}
	dst := image.NewNRGBA(deep.Rect)
	for i := range dst.Pix {
		v := uint32(deep.Pix[2*i])<<8 | uint32(deep.Pix[2*i+1])
		dst.Pix[i] = uint8((v + 128) / 257)
	}
	return dst
}
