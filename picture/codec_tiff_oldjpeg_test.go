package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"strings"
	"testing"
)

// oldJPEGParts are a picture of three strips of 16 rows: as one JPEG file with marks of a
// restart between them, what comes before its scan, and the strips.
func oldJPEGParts(t *testing.T) (whole, head []byte, strips [][]byte) {
	t.Helper()
	const w, h = 40, 16
	for i := range 3 {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				img.Set(x, y, color.RGBA{uint8(6 * x), uint8(15 * y), uint8(80 * i), 255})
			}
		}
		var file bytes.Buffer
		if err := jpeg.Encode(&file, img, nil); err != nil {
			t.Fatal(err)
		}
		scans, _, _ := jpegScans(file.Bytes())
		if len(scans) != 1 {
			t.Fatalf("%d scans, want 1", len(scans))
		}
		head = file.Bytes()[:scans[0].at]
		strips = append(strips, bytes.TrimSuffix(file.Bytes()[scans[0].at:], []byte{0xff, markerEOI}))
	}
	head = bytes.Replace(head, []byte{8, 0, h, 0, w}, []byte{8, 0, 3 * h, 0, w}, 1)
	scan := len(strips[0]) - len(bytes.TrimPrefix(strips[0], strips[0][:14]))
	strips[1], strips[2] = strips[1][scan:], strips[2][scan:]
	whole = appendSegment(bytes.Clone(head), markerDRI, []byte{0, 3})
	whole = bytes.Join([][]byte{whole, strips[0], {0xff, markerRST0}, strips[1], {0xff, markerRST0 + 1}, strips[2], {0xff, markerEOI}}, nil)
	return whole, head, strips
}

// oldJPEGFile writes a TIFF file whose tags say where these parts lie.
func oldJPEGFile(strips [][]byte, parts map[uint16][][]byte, more ...row) []byte {
	fields := append([]row{
		{tagWidth, tiffLong, 1, 40}, {tagHeight, tiffLong, 1, 48}, {tagCompression, tiffShort, 1, tiffOldJPEG},
		{tagPhotometric, tiffShort, 1, tiffYCbCr}, {tagSamplesPerPixel, tiffShort, 1, 3}, {tagRowsPerStrip, tiffShort, 1, 16},
	}, more...)
	var data []byte
	lists := map[int][]uint32{}
	base := uint32(8 + 2 + 12*(len(fields)+len(parts)+2) + 4)
	add := func(tag uint16, list [][]byte) {
		var places []uint32
		for _, part := range list {
			places = append(places, base+uint32(len(data)))
			data = append(data, part...)
		}
		lists[len(fields)] = places
		fields = append(fields, row{tag, tiffLong, uint32(len(places)), places[0]})
	}
	for tag, list := range parts {
		add(tag, list)
	}
	add(tagStripOffsets, strips)
	for i, places := range lists {
		if len(places) > 1 {
			fields[i].value = base + uint32(len(data))
			for _, at := range places {
				data = binary.LittleEndian.AppendUint32(data, at)
			}
		}
	}
	counts := row{tagStripByteCounts, tiffLong, uint32(len(strips)), base + uint32(len(data))}
	for _, strip := range strips {
		data = binary.LittleEndian.AppendUint32(data, uint32(len(strip)))
	}
	if len(strips) == 1 {
		counts.value = uint32(len(strips[0]))
	}
	return append(exifBlock(binary.LittleEndian, []uint32{0}, append(fields, counts)), data...)
}

func TestOldStyleJPEG(t *testing.T) {
	whole, head, strips := oldJPEGParts(t)
	planes, err := jpeg.Decode(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := image.NewNRGBA(planes.Bounds())
	draw.Draw(want, want.Rect, planes, image.Point{}, draw.Src)
	var quantizers [][]byte
	codes := map[byte][]byte{}
	for marker, body := range jpegSegments(head) {
		for len(body) > 17 && marker == markerDQT {
			quantizers, body = append(quantizers, body[1:65]), body[65:]
		}
		for len(body) > 17 && marker == markerDHT {
			n := 17
			for _, of := range body[1:17] {
				n += int(of)
			}
			codes[body[0]], body = body[1:n], body[n:]
		}
	}
	all := [][]byte{bytes.Join(append([][]byte{}, strips[0], []byte{0xff, markerRST0}, strips[1], []byte{0xff, markerRST0 + 1}, strips[2]), nil)}
	bare := append([][]byte{strips[0][14:]}, strips[1:]...)
	for name, file := range map[string][]byte{
		"whole":             oldJPEGFile([][]byte{whole[len(head):]}, map[uint16][][]byte{tagJPEGFile: {whole}}),
		"of a wrong length": oldJPEGFile(all, map[uint16][][]byte{tagJPEGFile: {whole}}, row{tagJPEGFileLength, tiffLong, 1, 900}),
		"beginning and strips": oldJPEGFile(strips, map[uint16][][]byte{tagJPEGFile: {head}},
			row{tagJPEGFileLength, tiffLong, 1, uint32(len(head))}),
		"tables and strips": oldJPEGFile(bare, map[uint16][][]byte{
			tagJPEGQuantizers: {quantizers[0], quantizers[1], quantizers[1]},
			tagJPEGCodesDC:    {codes[0x00], codes[0x01], codes[0x01]},
			tagJPEGCodesAC:    {codes[0x10], codes[0x11], codes[0x11]},
		}),
	} {
		got, err := Decode(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if largest, mean := difference(t, got.(*image.NRGBA), want); largest > 1 {
			t.Errorf("%s: differs by %d levels, %.2f in the mean", name, largest, mean)
		}
	}
	levels := binary.LittleEndian.AppendUint32(nil, 16)
	for _, v := range []uint32{235, 128, 240, 128, 240} {
		levels = binary.LittleEndian.AppendUint32(levels, v)
	}
	file := oldJPEGFile([][]byte{append(whole, levels...)}, map[uint16][][]byte{tagJPEGFile: {whole}}, row{tagReferenceLevels, tiffLong, 6, 0})
	at := bytes.Index(file, binary.LittleEndian.AppendUint32([]byte{0x14, 2, 4, 0, 6, 0, 0, 0}, 0))
	binary.LittleEndian.PutUint32(file[at+8:], uint32(bytes.Index(file, levels)))
	video, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	levelled := false
	for i, v := range video.(*image.NRGBA).Pix {
		levelled = levelled || v == 0 && want.Pix[i] > 2
	}
	if !levelled {
		t.Error("the levels of video are not heeded")
	}
	_, err = Decode(oldJPEGFile([][]byte{whole}, map[uint16][][]byte{tagJPEGFile: {testFile(t, "profile", "p3.jpg")}}))
	if err == nil || !strings.Contains(err.Error(), "of another size") {
		t.Errorf("a JPEG file of another size: %v", err)
	}
}
