package picture

import (
	"image"
	"image/color"
	"math"
	"slices"
	"testing"
)

var (
	imagenetMean = [3]float32{0.485, 0.456, 0.406}
	imagenetStd  = [3]float32{0.229, 0.224, 0.225}
	noMean       = [3]float32{}
	unitStd      = [3]float32{1, 1, 1}
)

func TestToTensorLayout(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	for i := range 4 {
		copy(img.Pix[4*i:], []byte{uint8(i), uint8(10 + i), uint8(20 + i), 255})
	}
	got := ToTensor(img, noMean, [3]float32{1.0 / 255, 1.0 / 255, 1.0 / 255})
	want := []float32{0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-5 {
			t.Fatalf("tensor is %v, want %v", got, want)
		}
	}
}

// Values from torchvision: Normalize(mean, std)(ToTensor()(picture)).
func TestToTensorNormalises(t *testing.T) {
	got := ToTensor(solid(1, 1, 0, 128, 255), imagenetMean, imagenetStd)
	want := []float32{-2.1179039, 0.20518219, 2.64}
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-6 {
			t.Errorf("channel %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func TestToTensor16Bits(t *testing.T) {
	deep := image.NewNRGBA64(image.Rect(0, 0, 1, 1))
	deep.SetNRGBA64(0, 0, color.NRGBA64{1, 32768, 65535, 65535})
	got := ToTensor(deep, noMean, unitStd)
	want := []float32{1.0 / 65535, 32768.0 / 65535, 1}
	if !slices.Equal(got, want) {
		t.Errorf("tensor is %v, want %v", got, want)
	}
}

func TestToTensorFlattens(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 1, 1)) // transparent
	if got := ToTensor(img, noMean, unitStd); !slices.Equal(got, []float32{1, 1, 1}) {
		t.Errorf("transparent is %v, want white", got)
	}
}

func TestTensorRoundTrip(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 256, 1))
	for x := range 256 {
		copy(img.Pix[4*x:], []byte{uint8(x), uint8(255 - x), uint8(x * 7), 255})
	}
	back := FromTensor(ToTensor(img, imagenetMean, imagenetStd), 256, 1, imagenetMean, imagenetStd, Clip)
	if largest, _ := difference(t, back, img); largest != 0 {
		t.Errorf("a picture changes by %d levels on the way to a tensor and back", largest)
	}
}

func TestFromTensorRanges(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	tests := []struct {
		name string
		r    Range
		in   []float32
		want [3]uint8
	}{
		{"clip", Clip, []float32{-0.5, 0.5, 1.5}, [3]uint8{0, 128, 255}},
		{"clip rounds", Clip, []float32{0.4999 / 255, 0.5001 / 255, 254.6 / 255}, [3]uint8{0, 1, 255}},
		{"clip odd values", Clip, []float32{nan, inf, -inf}, [3]uint8{0, 255, 0}},
		{"stretch", Stretch, []float32{-1, 1, 3}, [3]uint8{0, 127, 255}},
		{"stretch rounds down", Stretch, []float32{0, 0.999, 1}, [3]uint8{0, 254, 255}},
		{"stretch is one for all channels", Stretch, []float32{2, 3, 4}, [3]uint8{0, 127, 255}},
		{"stretch leaves out what is no number", Stretch, []float32{nan, 2, 4}, [3]uint8{0, 0, 255}},
		{"stretch leaves out infinity", Stretch, []float32{inf, 2, 4}, [3]uint8{255, 0, 255}},
		{"flat is clipped", Stretch, []float32{0.5, 0.5, 0.5}, [3]uint8{128, 128, 128}},
		{"nothing but NaN", Stretch, []float32{nan, nan, nan}, [3]uint8{0, 0, 0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := FromTensor(test.in, 1, 1, noMean, unitStd, test.r).NRGBAAt(0, 0)
			if want := (color.NRGBA{test.want[0], test.want[1], test.want[2], 255}); got != want {
				t.Errorf("%v gives %v, want %v", test.in, got, want)
			}
		})
	}
}

func TestFromTensorPanicsOnWrongLength(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	FromTensor(make([]float32, 5), 1, 1, noMean, unitStd, Clip)
}

// Both depths show the same picture.
func TestFromTensor16(t *testing.T) {
	tensor := make([]float32, 3*256)
	for i := range tensor {
		tensor[i] = float32(i%256)/127 - 1
	}
	for _, r := range []Range{Clip, Stretch} {
		deep := FromTensor16(tensor, 16, 16, imagenetMean, imagenetStd, r)
		if !deep.Opaque() {
			t.Error("is not opaque")
		}
		levels := FromTensor(tensor, 16, 16, imagenetMean, imagenetStd, r)
		for i := range levels.Pix {
			v := int(deep.Pix[2*i])<<8 | int(deep.Pix[2*i+1])
			if d := v - 257*int(levels.Pix[i]); d < -129 || d > 257 {
				t.Fatalf("range %d: sample %d is %d of 65535 and %d of 255", r, i, v, levels.Pix[i])
			}
		}
	}
	round := ToTensor(FromTensor16(tensor, 16, 16, [3]float32{0.5, 0.5, 0.5}, [3]float32{0.4, 0.4, 0.4}, Clip), [3]float32{0.5, 0.5, 0.5}, [3]float32{0.4, 0.4, 0.4})
	for i, v := range round {
		if d := v - tensor[i]; d < -3e-5 || d > 3e-5 {
			t.Fatalf("value %d comes back as %v, want %v", i, v, tensor[i])
		}
	}
}
