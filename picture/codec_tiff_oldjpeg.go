package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
)

// Tags of TIFF 6.0, section 22, which a later supplement withdrew.
const (
	tagJPEGFile       = 513
	tagJPEGFileLength = 514
	tagJPEGQuantizers = 519
	tagJPEGCodesDC    = 520
	tagJPEGCodesAC    = 521
)

// decodeOldJPEG reads a page whose colours are those of one JPEG file.
func (p *tiffPage) decodeOldJPEG(data []byte) (image.Image, error) {
	file, err := p.oldJPEG(data)
	if err != nil {
		return nil, err
	}
	size, err := jpegSize(file)
	if err != nil {
		return nil, err
	}
	if size != image.Pt(p.width, p.height) {
		return nil, unsupported("it has JPEG data of another size in the old style")
	}
	img, err := jpeg.Decode(bytes.NewReader(file))
	if planes, ok := img.(*image.YCbCr); ok {
		return repeatedChroma(planes, p.lumaToRGB()), p.doubtful()
	}
	return img, err
}

// repeatedChroma converts a picture as libtiff does, which does not interpolate chroma.
func repeatedChroma(src *image.YCbCr, rgb func(y, cb, cr uint8) (r, g, b uint8)) *image.NRGBA {
	dst := image.NewNRGBA(src.Rect)
	for y := range src.Rect.Dy() {
		for x := range src.Rect.Dx() {
			q, c := dst.Pix[dst.PixOffset(x, y):], src.COffset(x, y)
			q[0], q[1], q[2] = rgb(src.Y[src.YOffset(x, y)], src.Cb[c], src.Cr[c])
			q[3] = 255
		}
	}
	return dst
}

// oldJPEG puts the JPEG file together. It lies in one piece; or its beginning does,
// before strips that are parts of its scan; or its tables lie apart. Writers disagree on
// the length that they tell.
func (p *tiffPage) oldJPEG(data []byte) ([]byte, error) {
	end := []byte{0xff, markerEOI}
	at := p.number(tagJPEGFile, 0)
	if at == 0 {
		head, err := p.oldHead(data)
		if err != nil {
			return nil, err
		}
		return append(p.oldScan(data, head), end...), nil
	}
	if at >= uint64(len(data)) {
		return nil, errEndsEarly
	}
	head := data[at:]
	if n := p.number(tagJPEGFileLength, 0); n > 0 {
		head = head[:min(n, uint64(len(head)))]
	}
	if scans, _, _ := jpegScans(head); len(scans) > 0 {
		return append(bytes.Clone(data[at:]), end...), nil
	}
	return append(p.oldScan(data, bytes.Clone(head)), end...), nil
}

// oldHead writes what comes before a scan, each component with tables of its own.
func (p *tiffPage) oldHead(data []byte) ([]byte, error) {
	head := p.jpegBeginning()
	for i, at := range p.numbers(tagJPEGQuantizers) {
		head = appendSegment(head, markerDQT, append([]byte{byte(i)}, from(data, at, 64)...))
	}
	for class, tag := range []uint16{tagJPEGCodesDC, tagJPEGCodesAC} {
		for i, at := range p.numbers(tag) {
			codes := uint64(0)
			for _, n := range from(data, at, 16) {
				codes += uint64(n)
			}
			head = appendSegment(head, markerDHT, append([]byte{byte(class<<4 | i)}, from(data, at, 16+codes)...))
		}
	}
	samples := int(p.number(tagSamplesPerPixel, 1))
	if p.tiffTags[tagJPEGQuantizers].count < samples {
		return nil, unsupported("it has JPEG data in the old style, but no tables for it")
	}
	if samples != 1 && samples != 3 || p.width > 1<<16-1 || p.height > 1<<16-1 {
		return nil, errDamagedTIFF
	}
	frame := binary.BigEndian.AppendUint16([]byte{8}, uint16(p.height))
	frame = append(binary.BigEndian.AppendUint16(frame, uint16(p.width)), byte(samples))
	h, v := p.subsampling()
	for i, sampling := range []byte{byte(h<<4 | v), 0x11, 0x11}[:samples] {
		frame = append(frame, byte(i+1), sampling, byte(i))
	}
	return appendSegment(head, markerSOF0+1, frame), nil // of which each component may have codes of its own
}

// from returns n bytes, or fewer if the file ends.
func from(data []byte, at, n uint64) []byte {
	at = min(at, uint64(len(data)))
	return data[at:min(at+n, uint64(len(data)))]
}

// oldScan adds the strips to what comes before them. Several are coded apart from each
// other, as between marks of a restart.
func (p *tiffPage) oldScan(data, file []byte) []byte {
	p.planes = 1
	if p.layOutBlocks() != nil {
		return file
	}
	if blocks := p.across() * p.down(); blocks > 1 {
		h, v := p.subsampling()
		units := ceilDiv(p.blockW, 8*h) * ceilDiv(p.blockH, 8*v)
		file = appendSegment(file, markerDRI, binary.BigEndian.AppendUint16(nil, uint16(units)))
	}
	n := 0
	_ = p.eachBlock(data, func(b block) error { // what is missing the decoder sees
		switch {
		case n > 0:
			file = append(file, 0xff, markerRST0+byte((n-1)%8))
		case !bytes.HasPrefix(b.raw, []byte{0xff, markerSOS}):
			file = p.appendScanHeader(file)
		}
		n++
		file = append(file, b.raw...)
		return nil
	})
	return file
}

func (p *tiffPage) appendScanHeader(file []byte) []byte {
	samples := byte(p.number(tagSamplesPerPixel, 1))
	header := []byte{samples}
	for i := range samples {
		header = append(header, i+1, i<<4|i)
	}
	return appendSegment(file, markerSOS, append(header, 0, 63, 0))
}
