package picture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"

	"github.com/kovidgoyal/imaging/prism/meta/icc"
)

// toSRGB returns img with its colours converted to sRGB and the name of the
// profile they were converted from. The name is empty if there was nothing to
// do. A profile that cannot be used is no reason to refuse a picture: then img
// comes back as it is, with the reason.
func toSRGB(img image.Image, meta metadata) (converted image.Image, name string, err error) {
	switch {
	case meta.cicp != nil:
		return img, "", checkCICP(meta.cicp)
	case meta.icc == nil:
		return img, "", nil
	}
	p, err := readProfile(meta.icc)
	if err != nil {
		return img, "", fmt.Errorf("its colour profile cannot be used: %w", err)
	}
	if err := p.fits(img); err != nil {
		return img, "", fmt.Errorf("its colour profile %q cannot be used: %w", p.name, err)
	}
	if p.space == icc.ColorSpaceRGB && p.isSRGB() {
		return img, "", nil
	}
	converted, err = p.convert(img)
	if err != nil {
		return img, "", fmt.Errorf("its colour profile %q cannot be used: %w", p.name, err)
	}
	return converted, p.name, nil
}

// checkCICP tells whether PNG's code (ITU-T H.273: primaries, transfer curve,
// matrix, full range) means sRGB.
func checkCICP(code []byte) error {
	if len(code) != 4 || code[0] != 1 || code[1] != 13 || code[2] != 0 || code[3] != 1 {
		return errors.New("its colours are marked (by a cICP chunk) as other than sRGB; convert the picture to sRGB if they look wrong")
	}
	return nil
}

var spaceNames = map[icc.ColorSpace]string{icc.ColorSpaceRGB: "RGB", icc.ColorSpaceGray: "grey", icc.ColorSpaceCMYK: "CMYK"}

// fits tells whether the profile describes pictures of img's kind. Profiles for
// RGB are also taken for grey pictures, which many programs save so.
func (p *profile) fits(img image.Image) error {
	grey, cmyk := false, false
	switch src := img.(type) {
	case *image.Gray, *image.Gray16:
		grey = true
	case *image.CMYK:
		cmyk = true
	case *image.NRGBA, *image.NRGBA64:
		grey = p.space == icc.ColorSpaceGray && isGrey(src)
	}
	if p.space == icc.ColorSpaceGray && !grey || (p.space == icc.ColorSpaceCMYK) != cmyk {
		return fmt.Errorf("it is for %s pictures, and this is none", spaceNames[p.space])
	}
	return nil
}

// isGrey is for grey pictures with transparency, which decoders hand out in colour.
func isGrey(img image.Image) bool {
	pix, step := straightPixels(img)
	for ; len(pix) >= 4*step; pix = pix[4*step:] {
		if string(pix[:step]) != string(pix[step:2*step]) || string(pix[:step]) != string(pix[2*step:3*step]) {
			return false
		}
	}
	return true
}

// straightPixels returns the pixels of an NRGBA or NRGBA64 and the bytes of a channel.
func straightPixels(img image.Image) (pix []byte, step int) {
	switch src := img.(type) {
	case *image.NRGBA:
		return src.Pix, 1
	case *image.NRGBA64:
		return src.Pix, 2
	}
	panic("picture: neither NRGBA nor NRGBA64")
}

// isSRGB tells whether the profile moves no colour by more than a level. Many
// files carry one of sRGB's dozens of profiles, which differ in rounding only.
func (p *profile) isSRGB() (is bool) {
	defer func() {
		if recover() != nil {
			is = false
		}
	}()
	const step = 15
	for r := 0; r <= 255; r += step {
		for g := 0; g <= 255; g += step {
			for b := 0; b <= 255; b += step {
				x, y, z := p.rgb8(uint8(r), uint8(g), uint8(b))
				if max(distance(x, r), distance(y, g), distance(z, b)) > 1 {
					return false
				}
			}
		}
	}
	return true
}

func distance(a uint8, b int) int { return max(int(a)-b, b-int(a)) }

func (p *profile) rgb8(r, g, b uint8) (uint8, uint8, uint8) {
	x, y, z := p.toSRGB.Transform(float64(r)/255, float64(g)/255, float64(b)/255)
	return unit8(x), unit8(y), unit8(z)
}

func unit8(v float64) uint8 {
	if !(v > 0) {
		return 0 // also for NaN
	}
	return uint8(min(v, 1)*255 + 0.5)
}

func unit16(v float64) uint16 {
	if !(v > 0) {
		return 0
	}
	return uint16(min(v, 1)*65535 + 0.5)
}

// convert returns a new picture in sRGB; img stays as it is.
func (p *profile) convert(img image.Image) (image.Image, error) {
	switch src := img.(type) {
	case *image.CMYK:
		return p.convert8(src.Rect, src.Pix, src.Stride)
	case *image.Paletted:
		return p.convertPalette(src)
	}
	switch src := straight(img).(type) {
	case *image.NRGBA:
		return p.convert8(src.Rect, src.Pix, src.Stride)
	case *image.NRGBA64:
		return p.convert16(src)
	}
	panic("picture: straight returned another type")
}

// straight returns img as an NRGBA or NRGBA64, transparency and all.
func straight(img image.Image) image.Image {
	switch src := img.(type) {
	case *image.NRGBA, *image.NRGBA64:
		return src
	}
	if opaque, ok := img.(interface{ Opaque() bool }); ok && opaque.Opaque() {
		return flatten(img)
	}
	b := img.Bounds()
	dst := image.NewNRGBA64(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			dst.Set(x, y, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return dst
}

// convert8 converts pixels of four bytes: CMYK, or RGB and an opacity to keep.
func (p *profile) convert8(r image.Rectangle, pix []byte, stride int) (image.Image, error) {
	dst := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	cmyk := p.space == icc.ColorSpaceCMYK
	return dst, eachRow(r.Dy(), func() func(y int) {
		known := newMemo(p.pixel8)
		return func(y int) {
			from, to := pix[y*stride:], dst.Pix[y*dst.Stride:][:dst.Stride]
			for i := 0; i < len(to); i += 4 {
				pixel, opacity := [4]byte(from[i:i+4]), uint8(255)
				if !cmyk {
					pixel[3], opacity = 0, pixel[3]
				}
				rgb := known.of(pixel)
				to[i], to[i+1], to[i+2], to[i+3] = rgb[0], rgb[1], rgb[2], opacity
			}
		}
	})
}

// pixel8 converts one pixel of three or four channels.
func (p *profile) pixel8(pixel [4]byte) (rgb [3]byte) {
	if p.space != icc.ColorSpaceCMYK {
		rgb[0], rgb[1], rgb[2] = p.rgb8(pixel[0], pixel[1], pixel[2])
		return rgb
	}
	var in, out [4]float64
	for c, v := range pixel {
		in[c] = float64(v) / 255
	}
	p.toSRGB.TransformGeneral(out[:], in[:])
	return [3]byte{unit8(out[0]), unit8(out[1]), unit8(out[2])}
}

func (p *profile) convert16(src *image.NRGBA64) (image.Image, error) {
	dst := image.NewNRGBA64(image.Rect(0, 0, src.Rect.Dx(), src.Rect.Dy()))
	return dst, eachRow(src.Rect.Dy(), func() func(y int) {
		return func(y int) {
			p.convertRow16(dst.Pix[y*dst.Stride:][:dst.Stride], src.Pix[y*src.Stride:])
		}
	})
}

func (p *profile) convertRow16(dst, src []byte) {
	channel := func(at int) float64 { return float64(binary.BigEndian.Uint16(src[at:])) / 65535 }
	for i := 0; i < len(dst); i += 8 {
		r, g, b := p.toSRGB.Transform(channel(i), channel(i+2), channel(i+4))
		binary.BigEndian.PutUint16(dst[i:], unit16(r))
		binary.BigEndian.PutUint16(dst[i+2:], unit16(g))
		binary.BigEndian.PutUint16(dst[i+4:], unit16(b))
		copy(dst[i+6:i+8], src[i+6:])
	}
}

func (p *profile) convertPalette(src *image.Paletted) (_ image.Image, err error) {
	defer recoverDamage(&err)
	dst := *src
	dst.Palette = make(color.Palette, len(src.Palette))
	for i, c := range src.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		n.R, n.G, n.B = p.rgb8(n.R, n.G, n.B)
		dst.Palette[i] = n
	}
	return &dst, nil
}
