package picture

import (
	"image"
	"image/color"
	"image/draw"
	"testing"
)

func TestBlend(t *testing.T) {
	tests := []struct{ c, a, want uint8 }{
		{0, 255, 0}, {77, 255, 77}, {0, 0, 255}, {255, 3, 255},
		{0, 128, 127}, {100, 128, 177}, {200, 1, 255}, {10, 254, 11},
	}
	for _, test := range tests {
		if got, _, _ := blend(test.c, 0, 0, test.a); got != test.want {
			t.Errorf("blend(%d, opacity %d) = %d, want %d", test.c, test.a, got, test.want)
		}
	}
}

// Whatever type an image has, it must look the same as Go's own drawing of it.
func TestFlattenTypes(t *testing.T) {
	r := image.Rect(3, 2, 9, 7) // does not begin at zero
	palette := color.Palette{color.Black, color.NRGBA{250, 10, 30, 255}, color.NRGBA{0, 100, 200, 100}, color.Transparent}
	images := map[string]draw.Image{
		"NRGBA": image.NewNRGBA(r), "RGBA": image.NewRGBA(r), "NRGBA64": image.NewNRGBA64(r), "RGBA64": image.NewRGBA64(r),
		"Gray": image.NewGray(r), "Gray16": image.NewGray16(r), "CMYK": image.NewCMYK(r), "Paletted": image.NewPaletted(r, palette),
		"Alpha": image.NewAlpha(r),
	}
	for name, src := range images {
		t.Run(name, func(t *testing.T) {
			for y := r.Min.Y; y < r.Max.Y; y++ {
				for x := r.Min.X; x < r.Max.X; x++ {
					src.Set(x, y, palette[(x+y)%len(palette)])
				}
			}
			got := shallow(flatten(src))
			want := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
			draw.Draw(want, want.Rect, image.White, image.Point{}, draw.Src)
			draw.Draw(want, want.Rect, src, r.Min, draw.Over)
			if largest, _ := difference(t, got, want); largest > 1 {
				t.Errorf("differs by %d levels from image/draw: %v, want %v", largest, got.Pix, want.Pix)
			}
			if !got.Opaque() {
				t.Error("is not opaque")
			}
		})
	}
}

func TestFlattenCutOuts(t *testing.T) {
	whole := testPicture(t, "golden", "rgb.png.png")
	part := image.Rect(5, 4, 20, 11)
	got := flatten(whole.SubImage(part)).(*image.NRGBA)
	for y := range part.Dy() {
		for x := range part.Dx() {
			if got.NRGBAAt(x, y) != whole.NRGBAAt(5+x, 4+y) {
				t.Fatalf("at %d,%d: %v, want %v", x, y, got.NRGBAAt(x, y), whole.NRGBAAt(5+x, 4+y))
			}
		}
	}
}

func TestFlattenPaletteTooShort(t *testing.T) {
	src := image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.White})
	src.Pix[0] = 9
	if got := flatten(src).At(0, 0); got != (color.NRGBA{0, 0, 0, 255}) {
		t.Errorf("index beyond the palette shows %v, want black", got)
	}
}

// A cut-out of a subsampled picture may begin in the middle of a chroma sample.
func TestFlattenYCbCrCutOut(t *testing.T) {
	for ratio := image.YCbCrSubsampleRatio444; ratio <= image.YCbCrSubsampleRatio410; ratio++ {
		src := image.NewYCbCr(image.Rect(0, 0, 16, 8), ratio)
		for i := range src.Y {
			src.Y[i] = uint8(i)
		}
		for i := range src.Cb {
			src.Cb[i], src.Cr[i] = uint8(100+i), uint8(150-i)
		}
		part := src.SubImage(image.Rect(3, 3, 11, 7)).(*image.YCbCr)
		got := flatten(part).(*image.NRGBA)
		for y := range 4 {
			for x := range 8 {
				c := part.YCbCrAt(3+x, 3+y)
				r, g, b := jfifToRGB(c.Y, c.Cb, c.Cr)
				if want := (color.NRGBA{r, g, b, 255}); got.NRGBAAt(x, y) != want {
					t.Fatalf("%v at %d,%d: %v, want %v", ratio, x, y, got.NRGBAAt(x, y), want)
				}
			}
		}
	}
}
