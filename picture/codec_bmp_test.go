package picture

import (
	"bytes"
	"encoding/binary"
	"image/color"
	"strings"
	"testing"
)

// bmpOf is a BMP file of Windows 3 with the masks of Windows 98 behind its header.
func bmpOf(w, h int32, bits uint16, packing uint32, masks []uint32, pixels ...byte) []byte {
	file := binary.LittleEndian.AppendUint32([]byte("BM\x00\x00\x00\x00\x00\x00\x00\x00"), 0)
	file = binary.LittleEndian.AppendUint32(file, 40+4*uint32(len(masks)))
	file = binary.LittleEndian.AppendUint32(file, uint32(w))
	file = binary.LittleEndian.AppendUint32(file, uint32(h))
	file = binary.LittleEndian.AppendUint16(file, 1)
	file = binary.LittleEndian.AppendUint16(file, bits)
	file = binary.LittleEndian.AppendUint32(file, packing)
	file = append(file, make([]byte, 12)...)
	file = binary.LittleEndian.AppendUint32(file, 2) // colours
	file = binary.LittleEndian.AppendUint32(file, 0)
	for _, m := range masks {
		file = binary.LittleEndian.AppendUint32(file, m)
	}
	return append(file, pixels...)
}

var blackAndRed = []byte{0, 0, 0, 0, 0, 0, 200, 0}

func TestBMP(t *testing.T) {
	masks := []uint32{0xff, 0xff00, 0xff0000, 0xff000000}
	red, black, white := color.NRGBA{200, 0, 0, 255}, color.NRGBA{A: 255}, color.NRGBA{255, 255, 255, 255}
	tests := []struct {
		name    string
		file    []byte
		want    []color.NRGBA // of the first row
		warning string
	}{
		{"fourth byte without a mask", bmpOf(1, 1, 32, bmpPlain, nil, 0, 0, 200, 0), []color.NRGBA{red}, ""},
		{"opacity", bmpOf(2, 1, 32, bmpMasks, masks, 200, 0, 0, 255, 1, 2, 3, 0), []color.NRGBA{red, white}, ""},
		{"no opacity filled in", bmpOf(1, 1, 32, bmpMasks, masks, 200, 0, 0, 0), []color.NRGBA{red}, "all of it is transparent"},
		{"from the top", bmpOf(1, -2, 24, bmpPlain, nil, 0, 0, 200, 0, 9, 9, 9, 0), []color.NRGBA{red}, ""},
		{"colour that is not there", bmpOf(3, 1, 8, bmpPlain, nil, append(blackAndRed, 1, 7, 1, 0)...), []color.NRGBA{red, black, red}, ""},
		{"runs", bmpOf(3, 1, 8, bmpRuns8, nil, append(blackAndRed, 2, 1, 0, 1)...), []color.NRGBA{red, red, black}, ""},
		{"jump", bmpOf(3, 1, 8, bmpRuns8, nil, append(blackAndRed, 0, 2, 2, 0, 1, 1, 0, 0)...), []color.NRGBA{black, black, red}, ""},
		{"plain among runs", bmpOf(3, 1, 4, bmpRuns4, nil, append(blackAndRed, 0, 3, 0x10, 0x10, 0, 1)...), []color.NRGBA{red, black, red}, ""},
		{"runs too long", bmpOf(2, 1, 8, bmpRuns8, nil, append(blackAndRed, 9, 1, 0, 1)...), []color.NRGBA{red, red}, "longer than it is wide"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, err := DecodeFile(test.file)
			if err != nil {
				t.Fatal(err)
			}
			for x, want := range test.want {
				if got := file.Image.At(x, 0); got != want {
					t.Errorf("at %d: %v, want %v", x, got, want)
				}
			}
			if !strings.Contains(file.Warning, test.warning) || (file.Warning == "") != (test.warning == "") {
				t.Errorf("warning %q, want %q", file.Warning, test.warning)
			}
		})
	}
}

func TestBMPRefusals(t *testing.T) {
	for want, file := range map[string][]byte{
		"the BMP data ends too early":                            bmpOf(3, 2, 8, bmpRuns8, nil, append(bytes.Clone(blackAndRed), 3, 1, 0, 0)...),
		"holds a JPEG or PNG file instead of pixels; save it as": bmpOf(3, 2, 0, 5, nil),
		"packs pixels of 24 bits in a rare way; save it as":      bmpOf(3, 2, 24, 4, nil),
		"packs pixels of 64 bits in a rare way":                  bmpOf(3, 2, 64, bmpPlain, nil),
		"both sides must be at least 1":                          bmpOf(-3, 2, 24, bmpPlain, nil),
	} {
		if _, err := Decode(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
