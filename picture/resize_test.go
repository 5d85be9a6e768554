package picture

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"path/filepath"
	"strings"
	"testing"
)

func TestSize(t *testing.T) {
	tests := []struct{ short, w, h, wantW, wantH int }{
		{192, 1024, 768, 256, 192},
		{192, 1280, 1014, 242, 192}, // 242.37
		{512, 1071, 712, 770, 512},
		{224, 1200, 1528, 224, 285},
		{100, 333, 500, 100, 150},
		{10, 7, 7, 10, 10},
		{1, 1, 1, 1, 1},
		{1, 3, 3000, 1, 1000},
		{192, 3, 3000, 192, 192000},
	}
	for _, test := range tests {
		if w, h := Size(test.short, test.w, test.h); w != test.wantW || h != test.wantH {
			t.Errorf("Size(%d, %d, %d) = %d, %d, want %d, %d", test.short, test.w, test.h, w, h, test.wantW, test.wantH)
		}
	}
}

func FuzzSize(f *testing.F) {
	f.Add(uint32(192), uint32(1024), uint32(768))
	f.Add(uint32(1), uint32(1), uint32(1<<31-1))
	f.Fuzz(func(t *testing.T, short, w, h uint32) {
		short, w, h = short>>1|1, w>>1|1, h>>1|1
		gotW, gotH := Size(int(short), int(w), int(h))
		if min(gotW, gotH) != int(short) || gotW < 1 || gotH < 1 {
			t.Fatalf("Size(%d, %d, %d) = %d, %d: the shorter side is not the one asked for", short, w, h, gotW, gotH)
		}
		if (w < h) && gotW > gotH || (w > h) && gotW < gotH {
			t.Fatalf("Size(%d, %d, %d) = %d, %d: turned over", short, w, h, gotW, gotH)
		}
		exact := float64(short) * float64(max(w, h)) / float64(min(w, h))
		if float64(max(gotW, gotH)) > exact*(1+1e-15) || float64(max(gotW, gotH)) < exact*(1-1e-15)-1 {
			t.Fatalf("Size(%d, %d, %d) = %d, %d: longer side %v is expected", short, w, h, gotW, gotH, exact)
		}
	})
}

// totalVariation of the picture normalised for ImageNet, the quantity that the
// reference notebook checks to 0.1 %.
func totalVariation(img *image.NRGBA) float64 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	x := ToTensor(img, [3]float32{0.485, 0.456, 0.406}, [3]float32{0.229, 0.224, 0.225})
	sum := 0.0
	for c := range 3 {
		plane := x[c*w*h:][:w*h]
		for i, v := range plane {
			if i%w+1 < w {
				sum += math.Pow(float64(plane[i+1]-v), 2)
			}
			if i+w < len(plane) {
				sum += math.Pow(float64(plane[i+w]-v), 2)
			}
		}
	}
	return sum
}

func TestResizeAgreesWithPillow(t *testing.T) {
	source := testPicture(t, "resize", "source.png")
	goldens, err := filepath.Glob("testdata/resize/*x*.png")
	if err != nil || len(goldens) != 10 {
		t.Fatalf("found %d goldens (%v), want 10", len(goldens), err)
	}
	for _, golden := range goldens {
		size := strings.TrimSuffix(filepath.Base(golden), ".png")
		t.Run(size, func(t *testing.T) {
			want := testPicture(t, "resize", size+".png")
			got := Resize(source, want.Rect.Dx(), want.Rect.Dy()).(*image.NRGBA)
			largest, mean := difference(t, got, want)
			if largest > 1 || mean > 0.02 {
				t.Errorf("differs from Pillow by %d levels, %.4f in the mean; want at most 1, 0.02", largest, mean)
				keep(t, size, got)
			}
			gotTV, wantTV := totalVariation(got), totalVariation(want)
			if math.Abs(gotTV-wantTV) > 1e-3*wantTV {
				t.Errorf("total variation %v, Pillow's %v", gotTV, wantTV)
			}
		})
	}
}

func TestResizeFlatStaysFlat(t *testing.T) {
	for _, level := range []uint8{0, 1, 127, 128, 254, 255} {
		src := solid(50, 37, level, level, level)
		for _, size := range []image.Point{{1, 1}, {50, 9}, {7, 37}, {200, 3}, {49, 36}, {51, 80}} {
			got := Resize(src, size.X, size.Y).(*image.NRGBA)
			if largest, _ := difference(t, got, solid(size.X, size.Y, level, level, level)); largest != 0 {
				t.Errorf("level %d at %v is off by %d", level, size, largest)
			}
		}
	}
}

func TestResizeKeeps16Bits(t *testing.T) {
	src := image.NewNRGBA64(image.Rect(0, 0, 4, 2))
	for y := range 2 {
		for x := range 4 {
			src.SetNRGBA64(x, y, color.NRGBA64{uint16(x * 1001), 500, uint16(y * 3), 0xffff})
		}
	}
	got := Resize(src, 2, 2).(*image.NRGBA64)
	// Weights of the first output pixel: 3/8, 3/8 and 1/8, without the part
	// outside (1/8) scaled to 3/7, 3/7, 1/7.
	want := uint16(math.Round((3*0 + 3*1001 + 1*2002) / 7.0))
	if c := got.NRGBA64At(0, 1); absDiff(c.R, want) > 1 || c.G != 500 || c.B != 3 || c.A != 0xffff {
		t.Errorf("got %v, want about {%d 500 3 65535}", c, want)
	}
}

func absDiff(a, b uint16) uint16 { return max(a, b) - min(a, b) }

func TestResizeSharesNothing(t *testing.T) {
	src := solid(4, 3, 10, 20, 30)
	same := Resize(src, 4, 3).(*image.NRGBA)
	same.Pix[0] = 99
	if src.Pix[0] != 10 {
		t.Error("resizing to the same size returned an alias")
	}
	deep := image.NewNRGBA64(image.Rect(0, 0, 2, 2))
	for i := range deep.Pix {
		deep.Pix[i] = 255
	}
	Resize(deep, 2, 2).(*image.NRGBA64).Pix[0] = 1
	if deep.Pix[0] != 255 {
		t.Error("resizing 16 bits to the same size returned an alias")
	}
}

// Pictures larger than one band must not show seams.
func TestResizeBands(t *testing.T) {
	const w, h = 3000, 400 // five bands of rows, one of columns
	src := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			src.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(x * y), 255})
		}
	}
	whole := Resize(src, 100, 50).(*image.NRGBA)
	for _, y := range []int{0, 49, 87, 88, 174, 175, 350, 399} {
		row := src.SubImage(image.Rect(0, y, w, y+1))
		alone := Resize(row, 100, 1).(*image.NRGBA)
		inPicture := resizeWidth(src, 100).(*image.NRGBA)
		if string(alone.Pix) != string(inPicture.Pix[y*inPicture.Stride:][:400]) {
			t.Errorf("row %d differs from the same row alone", y)
		}
	}
	if want := image.Rect(0, 0, 100, 50); whole.Rect != want {
		t.Errorf("bounds %v, want %v", whole.Rect, want)
	}
}

func ExampleSize() {
	w, h := Size(192, 1024, 768)
	fmt.Println(w, h)
	// Output: 256 192
}
