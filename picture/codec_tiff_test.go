package picture

import (
	"bytes"
	"compress/lzw"
	"encoding/binary"
	"image"
	"image/color"
	"strings"
	"testing"
	"time"
)

// tiffOf is a TIFF file of one strip with these fields; the strip lies behind them.
func tiffOf(strip []byte, fields ...row) []byte {
	fields = append(fields, row{tagStripOffsets, tiffLong, 1, 0}, row{tagStripByteCounts, tiffLong, 1, uint32(len(strip))})
	fields[len(fields)-2].value = uint32(8 + 2 + 12*len(fields) + 4)
	return append(exifBlock(binary.LittleEndian, []uint32{0}, fields), strip...)
}

func greyFields(w, h uint32, more ...row) []row {
	return append([]row{
		{tagWidth, tiffLong, 1, w}, {tagHeight, tiffLong, 1, h}, {tagBitsPerSample, tiffShort, 1, 8}, {tagPhotometric, tiffShort, 1, blackIsZero},
	}, more...)
}

// Before TIFF 5.0 the codes of LZW were those of GIF.
func TestOldLZW(t *testing.T) {
	pixels := []byte("abcabcabcabcaaaa")
	var packed bytes.Buffer
	w := lzw.NewWriter(&packed, lzw.LSB, 8)
	if _, err := w.Write(pixels); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	img, err := Decode(tiffOf(packed.Bytes(), greyFields(8, 2, row{tagCompression, tiffShort, 1, tiffLZW})...))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range pixels {
		if got := img.(*image.NRGBA).Pix[4*i]; got != want {
			t.Fatalf("pixel %d is %d, want %d", i, got, want)
		}
	}
}

// bitsOf packs a text of zeros and ones; spaces do not count.
func bitsOf(text string) []byte {
	text = strings.ReplaceAll(text, " ", "")
	out := make([]byte, ceilDiv(len(text), 8))
	for i, bit := range text {
		out[i/8] |= byte(bit-'0') << (7 - i%8)
	}
	return out
}

// paletteTIFF has the colours black and red in numbers of as many bits as red has.
func paletteTIFF(strip []byte, bits, red uint32, more ...row) []byte {
	fields := append([]row{
		{tagWidth, tiffLong, 1, 2}, {tagHeight, tiffLong, 1, 1}, {tagBitsPerSample, tiffShort, 1, bits}, {tagPhotometric, tiffShort, 1, tiffPalette},
	}, more...)
	fields = append(fields, row{tagColorMap, tiffShort, 6, 0})
	at := uint32(8 + 2 + 12*(len(fields)+2) + 4)
	fields[len(fields)-1].value = at + uint32(len(strip))
	file := tiffOf(strip, fields...)
	for _, v := range []uint32{0, red, 0, 0, 0, 0} {
		file = binary.LittleEndian.AppendUint16(file, uint16(v))
	}
	return file
}

func TestTIFF(t *testing.T) {
	field := func(tag uint16, value uint32) row { return row{tag, tiffShort, 1, value} }
	fax := func(kind uint32, codes string) []byte {
		return tiffOf(bitsOf(codes), field(tagWidth, 8), field(tagHeight, 3), field(tagPhotometric, whiteIsZero), field(tagCompression, kind))
	}
	two, opacity := field(tagSamplesPerPixel, 2), field(tagExtraSamples, 2)
	black, white, red := color.NRGBA{A: 255}, color.NRGBA{255, 255, 255, 255}, color.NRGBA{255, 0, 0, 255}
	pink := color.NRGBA{255, 204, 204, 255}
	video := []byte{235, 16, 0, 0, 128, 128} // four of Y, one of Cb and Cr
	for _, level := range []uint32{16, 235, 128, 240, 128, 240} {
		video = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(video, level), 1)
	}
	const missing = "rows of its fax data are damaged or missing"
	const endOfLine = "000000000001"
	tests := []struct {
		name    string
		file    []byte
		want    []color.NRGBA // of the first column if it is a fax, of the first row otherwise
		warning string
	}{
		{"palette with opacity", paletteTIFF([]byte{1, 51, 0, 255}, 8, 0xffff, two, opacity), []color.NRGBA{pink, black}, ""},
		{"palette of 4 bits with opacity", paletteTIFF([]byte{0x13, 0x0f}, 4, 0xffff, two, opacity), []color.NRGBA{pink, black}, ""},
		{"palette with another sample", paletteTIFF([]byte{1, 51, 0, 255}, 8, 0xffff, two), []color.NRGBA{red, black}, ""},
		{"palette of small numbers", paletteTIFF([]byte{1, 0}, 8, 255), []color.NRGBA{red, black}, "its palette has numbers of 8 bits"},
		{"a byte as orientation", paletteTIFF([]byte{1, 0}, 8, 0xffff, row{tagOrientation, tiffByte, 1, 2}), []color.NRGBA{red, black}, ""},
		{"opaque CMYK", tiffOf([]byte{0, 255, 255, 0, 9}, field(tagWidth, 1), field(tagHeight, 1), field(tagBitsPerSample, 8), field(tagPhotometric, separated),
			field(tagSamplesPerPixel, 5), opacity), []color.NRGBA{red}, "its opacity is passed over"},
		{"levels of video", tiffOf(video, field(tagWidth, 2), field(tagHeight, 1), field(tagBitsPerSample, 8), field(tagPhotometric, tiffYCbCr),
			field(tagSamplesPerPixel, 3), row{tagReferenceLevels, tiffFraction, 6, 8 + 2 + 8*12 + 4 + 6}), []color.NRGBA{white, black}, ""},
		{"fax that ends early", fax(tiffGroup4, "1 001 00110101 000101"+endOfLine+endOfLine), []color.NRGBA{white, black, white}, missing},
		{"fax whose data ends early", fax(tiffGroup4, "1 001 00110101 000101"), []color.NRGBA{white, black, white}, missing},
		{"fax with a damaged row", fax(tiffGroup3, endOfLine+"10011"+endOfLine+"00110101 0000001111"+endOfLine+"10011"), []color.NRGBA{white, black, white}, missing},
		{"fax with an end mark", fax(tiffGroup3, endOfLine+"00110101 000101"+endOfLine+endOfLine+endOfLine+"00110101 000101"), []color.NRGBA{black, white, white}, missing},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, err := DecodeFile(test.file)
			if err != nil {
				t.Fatal(err)
			}
			isColumn := file.Image.Bounds().Dy() > 1
			for i, want := range test.want {
				at := image.Pt(i, 0)
				if isColumn {
					at = image.Pt(0, i)
				}
				if got := file.Image.At(at.X, at.Y); got != want {
					t.Errorf("at %v: %v, want %v", at, got, want)
				}
			}
			if !strings.Contains(file.Warning, test.warning) || (file.Warning == "") != (test.warning == "") {
				t.Errorf("warning %q, want %q", file.Warning, test.warning)
			}
		})
	}
}

// What is sound but not read is told in words, with what to do; so are raw photographs.
func TestTIFFRefusals(t *testing.T) {
	strip := make([]byte, 16)
	field := func(tag uint16, value uint32) row { return row{tag, tiffShort, 1, value} }
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"old JPEG", tiffOf(strip, greyFields(4, 4, field(tagCompression, 6))...), "it has JPEG data in the old style, but no tables for it; save it as PNG"},
		{"ThunderScan", tiffOf(strip, greyFields(4, 4, field(tagCompression, 32809))...), "it is compressed in a rare way (number 32809"},
		{"lossless JPEG", tiffOf([]byte("\xff\xd8\xff\xc3\x00\x0b\x08\x00\x04\x00\x04\x01\x01\x11\x00"), greyFields(4, 4, field(tagCompression, tiffJPEG))...), "its JPEG data is lossless or hierarchical"},
		{"floats", tiffOf(strip, greyFields(4, 4, field(tagSampleFormat, 3))...), "signed or floating-point numbers; save it as PNG"},
		{"Lab", tiffOf(strip, field(tagWidth, 2), field(tagHeight, 2), field(tagBitsPerSample, 8), field(tagPhotometric, 8)), "its colours are of a rare kind"},
		{"sensor", tiffOf(strip, field(tagWidth, 4), field(tagHeight, 4), field(tagPhotometric, filterArray)), "raw photograph"},
		{"only a thumbnail", tiffOf(strip, greyFields(4, 4, field(tagSubfileType, 1))...), "raw photograph"},
		{"fax that is cut", tiffOf([]byte{0xc0, 0}, field(tagWidth, 8), field(tagHeight, 3), field(tagCompression, tiffGroup4))[:75], "the TIFF data ends too early"},
		{"too little", tiffOf(strip[:15], greyFields(4, 4)...), "the TIFF data ends too early"},
		{"predictor", tiffOf([]byte("\x78\x01\x63\x60\x60\x00"), greyFields(1, 1, field(tagCompression, tiffDeflate), field(tagPredictor, 3))...), "it is packed with a rare predictor"},
		{"no blocks", exifBlock(binary.LittleEndian, []uint32{0}, greyFields(4, 4)), "the TIFF data cannot be decoded; the file is damaged"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Decode(test.file)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

// A thousand tiles that share a megabyte of nothing take no time.
func TestTIFFTilesThatShareTheirBytes(t *testing.T) {
	const tiles = 64 * 64
	nothing := bytes.Repeat([]byte{0x80}, 1<<20) // no operation in PackBits
	fields := greyFields(64*16, 64*16, row{tagCompression, tiffShort, 1, tiffPackBits},
		row{tagTileWidth, tiffShort, 1, 16}, row{tagTileLength, tiffShort, 1, 16},
		row{tagTileOffsets, tiffLong, tiles, 0}, row{tagTileByteCounts, tiffLong, tiles, 0})
	at := uint32(8 + 2 + 12*len(fields) + 4)
	fields[len(fields)-2].value, fields[len(fields)-1].value = at, at+4*tiles
	file := exifBlock(binary.LittleEndian, []uint32{0}, fields)
	for _, v := range []uint32{at + 8*tiles, 1 << 20} {
		for range tiles {
			file = binary.LittleEndian.AppendUint32(file, v)
		}
	}
	start := time.Now()
	_, err := Decode(append(file, nothing...))
	if err == nil {
		t.Error("no error")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
