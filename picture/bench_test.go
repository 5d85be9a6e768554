package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"testing"
)

// photo is 12 megapixels, as telephones make them.
func photo() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 4000, 3000))
	for i := range img.Pix {
		img.Pix[i] = uint8(i>>6 ^ i>>14)
	}
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return img
}

func BenchmarkDecode(b *testing.B) {
	for _, ratio := range []string{"420", "444"} {
		b.Run("format=jpeg/chroma="+ratio, func(b *testing.B) {
			var file bytes.Buffer
			var err error
			if ratio == "420" {
				err = jpeg.Encode(&file, photo(), nil)
			} else {
				err = encodeJPEG(&file, photo(), Metadata{})
			}
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Decode(file.Bytes()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFromJFIF(b *testing.B) {
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420} {
		b.Run("chroma="+ratio.String()[len("YCbCrSubsampleRatio"):], func(b *testing.B) {
			src := image.NewYCbCr(image.Rect(0, 0, 1024, 1024), ratio)
			b.SetBytes(3 << 20)
			for b.Loop() {
				fromJFIF(src)
			}
		})
	}
}

func BenchmarkResize(b *testing.B) {
	src := photo()
	for _, size := range []int{192, 512, 1024} {
		b.Run(fmt.Sprintf("size=%d", size), func(b *testing.B) {
			w, h := Size(size, src.Rect.Dx(), src.Rect.Dy())
			b.ReportAllocs()
			for b.Loop() {
				Resize(src, w, h)
			}
		})
	}
}

func BenchmarkToTensor(b *testing.B) {
	for _, size := range []int{192, 1024} {
		b.Run(fmt.Sprintf("size=%d", size), func(b *testing.B) {
			src := solid(size, size, 1, 2, 3)
			b.ReportAllocs()
			for b.Loop() {
				ToTensor(src, imagenetMean, imagenetStd)
			}
		})
	}
}

func BenchmarkFromTensor(b *testing.B) {
	for name, r := range map[string]Range{"clip": Clip, "stretch": Stretch} {
		b.Run("size=1024/range="+name, func(b *testing.B) {
			t := make([]float32, 3<<20)
			for b.Loop() {
				FromTensor(t, 1024, 1024, imagenetMean, imagenetStd, r)
			}
		})
	}
}

func BenchmarkProfile(b *testing.B) {
	p, err := readProfile(testProfile(b, "p3.png"))
	if err != nil {
		b.Fatal(err)
	}
	src := photo()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.convert(src); err != nil {
			b.Fatal(err)
		}
	}
}

// The last marks of a painting of 716x512 pixels.
func BenchmarkCoherent(b *testing.B) {
	const height, width = 512, 716
	values := lines(height, width, 1)
	for _, m := range []Marks{{2, 2}, {4, 4}, {6, 10}} {
		b.Run(fmt.Sprintf("length=%d/around=%d", m.Length, m.Around), func(b *testing.B) {
			for b.Loop() {
				Coherent(b.Context(), values, height, width, m)
			}
		})
	}
}

func BenchmarkBrushwork(b *testing.B) {
	const height, width = 512, 716
	values, keep := soft(lines(height, width, 1), height, width), make([]float32, height*width)
	paintings := []Painting{{Pixels: lines(height, width, 2), Height: height, Width: width}}
	for b.Loop() {
		Brushwork(b.Context(), values, height, width, paintings, 4, keep)
	}
}
