package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
)

// isSubsampled tells whether the blocks hold YCbCr in units of several luma and two
// chroma samples (TIFF 6.0, section 21). Those of JPEG data are JPEG's own matter.
func (p *tiffPage) isSubsampled() bool {
	h, v := p.subsampling()
	return p.photometric == tiffYCbCr && p.compression != tiffJPEG && p.planes == 1 && p.samples == 3 && h*v > 1
}

func (p *tiffPage) subsampling() (h, v int) {
	if p.number(tagPhotometric, 0) != tiffYCbCr {
		return 1, 1
	}
	h, v = 2, 2
	if n := p.numbers(tagSubsampling); len(n) >= 2 && n[0]-1 < 4 && n[1]-1 < 4 {
		h, v = int(n[0]), int(n[1])
	}
	return h, v
}

func (p *tiffPage) subsampledBytes(b block) int {
	h, v := p.subsampling()
	return ceilDiv(b.w, h) * ceilDiv(b.h, v) * (h*v + 2)
}

// enlargeChroma returns a block with three samples per pixel.
func (p *tiffPage) enlargeChroma(b block, units []byte) []byte {
	h, v := p.subsampling()
	out := make([]byte, 3*b.w*b.h)
	for y0 := 0; y0 < b.h; y0 += v {
		for x0 := 0; x0 < b.w; x0 += h {
			unit := units[:h*v+2]
			units = units[h*v+2:]
			for y := range min(v, b.h-y0) {
				for x := range min(h, b.w-x0) {
					to := out[3*((y0+y)*b.w+x0+x):]
					to[0], to[1], to[2] = unit[y*h+x], unit[h*v], unit[h*v+1]
				}
			}
		}
	}
	return out
}

// lumaToRGB converts a sample of Y, Cb and Cr. Files may tell the numbers of black, white
// and the largest colours (TIFF 6.0, section 20), as those with the levels of video do.
func (p *tiffPage) lumaToRGB() func(y, cb, cr uint8) (r, g, b uint8) {
	if c := p.fractions(tagCoefficients); len(c) == 3 && math.Abs(c[0]-0.299) > 0.01 {
		p.doubt("its colours follow a rare formula; they may be a little off")
	}
	levels := p.fractions(tagReferenceLevels)
	if len(levels) != 6 {
		return jfifToRGB
	}
	var tables [3][256]float64
	for c := range tables {
		none, most, span := levels[2*c], levels[2*c+1], 127.0
		if c == 0 {
			span = 255
		}
		if !(most > none) {
			return jfifToRGB
		}
		for v := range tables[c] {
			tables[c][v] = (float64(v) - none) * span / (most - none)
		}
	}
	clip := func(v float64) uint8 { return uint8(min(max(v+0.5, 0), 255)) }
	return func(y, cb, cr uint8) (r, g, b uint8) {
		luma, blue, red := tables[0][y], tables[1][cb], tables[2][cr]
		return clip(luma + 1.402*red), clip(luma - 0.344136*blue - 0.714136*red), clip(luma + 1.772*blue)
	}
}

// unpackJPEG decodes a block that is a JPEG file whose tables may be elsewhere.
// Its three channels come back as RGB.
func (p *tiffPage) unpackJPEG(b block) ([]byte, error) {
	file := p.wholeJPEG(b.raw)
	size, err := jpegSize(file)
	if err != nil {
		return nil, err
	}
	if size.X > b.w+16 || size.Y > b.h+16 || size.X < min(b.w, p.width-b.x) || size.Y < min(b.h, p.height-b.y) {
		return nil, errDamagedTIFF
	}
	img, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	pix, stride, channels := jpegBytes(img)
	if p.channels() != channels {
		return nil, unsupported("its JPEG data has other channels than the picture")
	}
	step := max(channels, channels/3*4) // there is room for an opacity behind RGB
	out := make([]byte, b.h*b.w*channels)
	for y := range min(b.h, size.Y) {
		for x := range min(b.w, size.X) {
			copy(out[(y*b.w+x)*channels:][:channels], pix[y*stride+x*step:])
		}
	}
	return out, nil
}

// jpegBytes returns the pixels of a decoded JPEG: one byte, four, or three of RGB and
// one more.
func jpegBytes(img image.Image) (pix []byte, stride, channels int) {
	switch src := img.(type) {
	case *image.Gray:
		return src.Pix, src.Stride, 1
	case *image.YCbCr:
		rgb := fromJFIF(src)
		return rgb.Pix, rgb.Stride, 3
	case *image.RGBA:
		return src.Pix, src.Stride, 3
	case *image.CMYK: // inverted by image/jpeg, for those of Adobe are; in TIFF none is
		for i, v := range src.Pix {
			src.Pix[i] = ^v
		}
		return src.Pix, src.Stride, 4
	}
	return nil, 0, 0
}

// jpegBeginning says what the channels of JPEG data are, by Adobe's mark.
func (p *tiffPage) jpegBeginning() []byte {
	transform := byte(1)
	if p.number(tagPhotometric, 0) != tiffYCbCr {
		transform = 0
	}
	return []byte{0xff, markerSOI, 0xff, markerAPP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform}
}

// wholeJPEG puts the tables in front, and the mark.
func (p *tiffPage) wholeJPEG(raw []byte) []byte {
	file := p.jpegBeginning()
	if tables := p.tiffTags[tagJPEGTables].raw; len(tables) > 4 {
		tables = bytes.TrimSuffix(tables[2:], []byte{0xff, markerEOI})
		file = append(file, tables...)
	}
	return append(file, raw[min(2, len(raw)):]...)
}
