package picture

import (
	"bytes"
	"compress/lzw"
	"encoding/binary"
	"image"
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

// What is sound but not read is told in words, with what to do; so are raw photographs.
func TestTIFFRefusals(t *testing.T) {
	strip := make([]byte, 16)
	field := func(tag uint16, value uint32) row { return row{tag, tiffShort, 1, value} }
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"old JPEG", tiffOf(strip, greyFields(4, 4, field(tagCompression, 6))...), "it is compressed by old-style JPEG; save it as PNG"},
		{"ThunderScan", tiffOf(strip, greyFields(4, 4, field(tagCompression, 32809))...), "it is compressed in a rare way (number 32809"},
		{"floats", tiffOf(strip, greyFields(4, 4, field(tagSampleFormat, 3))...), "signed or floating-point numbers; save it as PNG"},
		{"Lab", tiffOf(strip, field(tagWidth, 2), field(tagHeight, 2), field(tagBitsPerSample, 8), field(tagPhotometric, 8)), "its colours are of a rare kind"},
		{"sensor", tiffOf(strip, field(tagWidth, 4), field(tagHeight, 4), field(tagPhotometric, filterArray)), "raw photograph"},
		{"only a thumbnail", tiffOf(strip, greyFields(4, 4, field(tagSubfileType, 1))...), "raw photograph"},
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
