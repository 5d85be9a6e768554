package picture

import (
	"image"
	"image/color"
	"io"
	"slices"

	"golang.org/x/image/tiff"
)

func tiffSize(data []byte) (image.Point, error) {
	p, err := openTIFFPage(data)
	if err != nil {
		return image.Point{}, err
	}
	return image.Pt(p.width, p.height), nil
}

// decodeTIFF reads strips and tiles, in one plane or several, of grey, RGB, CMYK,
// YCbCr and palettes, packed in the ways of TIFF 6.0 and as a fax.
func decodeTIFF(data []byte) (image.Image, error) {
	p, err := openTIFFPage(data)
	if err != nil {
		return nil, err
	}
	if p.number(tagCompression, 1) == tiffOldJPEG {
		return p.decodeOldJPEG(data)
	}
	if err := p.layOut(); err != nil {
		return nil, err
	}
	c := p.newCanvas()
	err = p.eachBlock(data, func(b block) error {
		pixels, err := p.unpack(b)
		if err == nil {
			c.put(b, pixels)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return c.image(), p.doubtful()
}

// canvas collects the samples of a page: width x height pixels of 1 or 4 samples,
// each of 1 byte, or of 2 for pages of 16 bits.
type canvas struct {
	*tiffPage
	pix   []byte
	step  int // samples of a pixel here
	keep  int // samples of a pixel that are taken from the file
	depth int // bytes of a sample
	alpha alphaKind
}

// alphaKind says what the sample behind the colours is.
type alphaKind int

const (
	noAlpha alphaKind = iota
	straightAlpha
	premultipliedAlpha
)

func (p *tiffPage) newCanvas() *canvas {
	c := &canvas{tiffPage: p, depth: max(p.bits/8, 1)}
	colors := map[uint64]int{tiffRGB: 3, tiffYCbCr: 3, separated: 4}[p.photometric]
	c.keep = max(colors, 1)
	if c.keep < p.samples {
		c.alpha = p.alphaKind(c.keep)
	}
	if p.photometric == separated && c.alpha != noAlpha {
		c.alpha = noAlpha
		p.doubt("its opacity is passed over, for its colours are CMYK")
	}
	c.step = 4
	if colors == 0 && c.alpha == noAlpha {
		c.step = 1
	}
	if c.alpha != noAlpha {
		c.keep++
	}
	c.pix = make([]byte, p.width*p.height*c.step*c.depth)
	return c
}

// alphaKind reads the first of the extra samples. Some writers do not say what a
// fourth sample is; then it is opacity.
func (p *tiffPage) alphaKind(colors int) alphaKind {
	extra := p.numbers(tagExtraSamples)
	switch {
	case len(extra) == 0 && p.samples == 4 && colors == 3, len(extra) > 0 && extra[0] == 2:
		return straightAlpha
	case len(extra) > 0 && extra[0] == 1:
		return premultipliedAlpha
	}
	return noAlpha
}

// put copies the part of a block that lies on the page.
func (c *canvas) put(b block, pixels []byte) {
	row, channels := c.rowBytes(b.w), c.channels()
	for y := range min(b.h, c.height-b.y) {
		from := pixels[y*row:][:row]
		to := c.pix[((b.y+y)*c.width+b.x)*c.step*c.depth:]
		if c.bits >= 8 && c.planes == 1 && c.place(c.keep-1) == c.keep-1 {
			c.putWhole(to, from, min(b.w, c.width-b.x))
			continue
		}
		for x := range min(b.w, c.width-b.x) {
			for s := range channels {
				if at := b.plane + s; at < c.keep {
					isIndex := c.photometric == tiffPalette && at == 0
					c.sample(to[(x*c.step+c.place(at))*c.depth:], from, x*channels+s, isIndex)
				}
			}
		}
	}
}

// putWhole copies the first n pixels of a row whose samples lie as they are wanted.
func (c *canvas) putWhole(to, from []byte, n int) {
	size, have, room := c.keep*c.depth, c.channels()*c.depth, c.step*c.depth
	for x := range n {
		copy(to[x*room:x*room+size], from[x*have:])
	}
}

// place is where a sample of a pixel goes: the opacity of a grey pixel behind
// room for two more colours.
func (c *canvas) place(sample int) int {
	if c.alpha != noAlpha && sample == c.keep-1 {
		return 3
	}
	return sample
}

// sample copies the i-th sample of a row; those of fewer than 8 bits, but for
// indices, are spread over 0 to 255.
func (c *canvas) sample(to, row []byte, i int, isIndex bool) {
	if c.bits >= 8 {
		copy(to[:c.depth], row[i*c.depth:])
		return
	}
	largest := 1<<c.bits - 1
	v := int(row[i*c.bits/8]) >> (8 - c.bits - i*c.bits%8) & largest
	if !isIndex {
		v = v * 255 / largest
	}
	to[0] = byte(v)
}

// image hands out the canvas as the image that it is.
func (c *canvas) image() image.Image {
	r := image.Rect(0, 0, c.width, c.height)
	c.finish()
	switch {
	case c.photometric == separated && c.depth == 2:
		return &image.CMYK{Pix: upperBytes(c.pix), Stride: 4 * c.width, Rect: r}
	case c.photometric == separated:
		return &image.CMYK{Pix: c.pix, Stride: 4 * c.width, Rect: r}
	case c.photometric == tiffPalette && c.alpha == noAlpha:
		return &image.Paletted{Pix: c.pix, Stride: c.width, Rect: r, Palette: c.palette()}
	case c.step == 1 && c.depth == 1:
		return &image.Gray{Pix: c.pix, Stride: c.width, Rect: r}
	case c.step == 1:
		return &image.Gray16{Pix: c.pix, Stride: 2 * c.width, Rect: r}
	case c.alpha == premultipliedAlpha && c.depth == 1:
		return &image.RGBA{Pix: c.pix, Stride: 4 * c.width, Rect: r}
	case c.alpha == premultipliedAlpha:
		return &image.RGBA64{Pix: c.pix, Stride: 8 * c.width, Rect: r}
	case c.depth == 1:
		return &image.NRGBA{Pix: c.pix, Stride: 4 * c.width, Rect: r}
	}
	return &image.NRGBA64{Pix: c.pix, Stride: 8 * c.width, Rect: r}
}

// finish makes the samples what Go's images hold.
func (c *canvas) finish() {
	pixel := c.step * c.depth
	grey := c.photometric == whiteIsZero || c.photometric == blackIsZero
	switch {
	case c.photometric == tiffPalette && c.alpha != noAlpha:
		c.lookUp()
		return
	case c.photometric == tiffPalette, c.photometric == separated:
		return
	}
	var toRGB func(y, cb, cr uint8) (r, g, b uint8)
	if c.photometric == tiffYCbCr && (c.compression != tiffJPEG || c.planes > 1) {
		toRGB = c.lumaToRGB()
	}
	for at := 0; at < len(c.pix); at += pixel {
		p := c.pix[at : at+pixel]
		if c.photometric == whiteIsZero {
			for i := range c.depth {
				p[i] = ^p[i]
			}
		}
		if c.step == 4 && grey {
			copy(p[c.depth:], p[:c.depth])
			copy(p[2*c.depth:], p[:c.depth])
		}
		if toRGB != nil {
			p[0], p[1], p[2] = toRGB(p[0], p[1], p[2])
		}
		if c.step == 4 && c.alpha == noAlpha {
			p[pixel-1], p[pixel-c.depth] = 255, 255
		}
	}
}

// lookUp replaces indices that have an opacity by the colours that they stand for.
func (c *canvas) lookUp() {
	var colors [256]color.NRGBA // those that are not there are black
	for i, v := range c.palette() {
		colors[i] = v.(color.NRGBA)
	}
	for at := 0; at < len(c.pix); at += 4 {
		v := colors[c.pix[at]]
		c.pix[at], c.pix[at+1], c.pix[at+2] = v.R, v.G, v.B
	}
}

func upperBytes(pix []byte) []byte {
	out := make([]byte, len(pix)/2)
	for i := range out {
		out[i] = pix[2*i]
	}
	return out
}

// palette reads the colours: all red, then all green, then all blue. Some writers
// give numbers of 8 bits for those of 16.
func (p *tiffPage) palette() color.Palette {
	values := p.numbers(tagColorMap)
	n := min(len(values)/3, 256)
	shift, largest := 8, slices.Max(append(values, 0))
	if largest > 0 && largest < 256 {
		shift = 0
		p.doubt("its palette has numbers of 8 bits, not 16; see whether the colours are right")
	}
	colors := make(color.Palette, n)
	for i := range colors {
		at := func(channel int) uint8 { return uint8(values[channel*(len(values)/3)+i] >> shift) }
		colors[i] = color.NRGBA{at(0), at(1), at(2), 255}
	}
	return colors
}

func encodeTIFF(w io.Writer, img image.Image, _ Metadata) error {
	return tiff.Encode(w, img, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
}
