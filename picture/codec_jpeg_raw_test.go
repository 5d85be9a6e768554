package picture

import (
	"bytes"
	"image"
	"slices"
	"testing"
)

// inkFile is a JPEG of four components, of which the middle ones are half as large.
func inkFile(t *testing.T, transform byte, planes [4]*image.Gray) []byte {
	t.Helper()
	size := planes[0].Rect.Size()
	file := []byte("\xff\xd8\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + string(transform))
	var scans []byte
	for i, plane := range planes {
		scan, err := encodeGrey(plane)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			file = append(file, scan.tables...)
		}
		scans = append(append(scans, 0xff, markerSOS, 0, 8, 1, byte(i+1), 0x00, 0, 63, 0), scan.data...)
	}
	file = append(file, 0xff, markerSOF0, 0, 20, 8, 0, byte(size.Y), 0, byte(size.X), 4, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x22, 0)
	return slices.Concat(file, scans, []byte{0xff, markerEOI})
}

// plane is grey that rises by across and down at each pixel.
func plane(w, h, first, across, down int) *image.Gray {
	p := image.NewGray(image.Rect(0, 0, w, h))
	for i := range p.Pix {
		p.Pix[i] = uint8(first + i%w*across + i/w*down)
	}
	return p
}

// The middle components rise by the same step from pixel to pixel, for they are interpolated.
func TestCoarseInksAreInterpolated(t *testing.T) {
	luma, second, third, black := plane(32, 32, 40, 2, 1), plane(16, 16, 60, 4, 2), plane(16, 16, 200, -2, -4), plane(32, 32, 90, 1, 1)
	for _, transform := range []byte{0, 2} {
		img, err := decodeJPEG(inkFile(t, transform, [4]*image.Gray{luma, second, third, black}))
		if err != nil {
			t.Fatal(err)
		}
		got := img.(*image.CMYK)
		for y := 2; y < 30; y++ {
			for x := 2; x < 30; x++ {
				a, d := luma.Pix[y*32+x], black.Pix[y*32+x]
				b, c := uint8(59+2*x+y), uint8(202-x-2*y)
				want := [4]uint8{255 - a, 255 - b, 255 - c, 255 - d}
				if transform != 0 {
					want[0], want[1], want[2] = jfifToRGB(a, b, c)
				}
				for i, v := range got.Pix[y*got.Stride+4*x:][:4] {
					if diff := int(v) - int(want[i]); diff < -6 || diff > 6 {
						t.Fatalf("transform %d: at %d, %d component %d is %d, want about %d", transform, x, y, i, v, want[i])
					}
				}
			}
		}
	}
}

func TestDecodingKeepsTheFile(t *testing.T) {
	flat := plane(16, 16, 128, 0, 0)
	file := inkFile(t, 2, [4]*image.Gray{flat, plane(8, 8, 128, 0, 0), plane(8, 8, 128, 0, 0), flat})
	before := bytes.Clone(file)
	if _, err := decodeJPEG(file); err != nil || !bytes.Equal(file, before) {
		t.Errorf("error %v; the file is as before: %v", err, bytes.Equal(file, before))
	}
}
