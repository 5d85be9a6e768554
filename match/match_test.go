package match

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"zellige/match/matchtest"
	"zellige/runtime"
)

// pixelNetwork is a network of one layer whose features are the pixels.
type pixelNetwork struct{ matchtest.Brute }

func (pixelNetwork) Info() *runtime.Info {
	return &runtime.Info{Layers: []runtime.Layer{{Channels: 3, Stride: 1, ReceptiveField: 1, MatchAverage: 1,
		Window: runtime.Window{Kernel: 1, Stride: 1}}}}
}

func (pixelNetwork) Features(_ context.Context, image runtime.Image, layers []int, features [][]float32) error {
	for i := range layers {
		copy(features[i], image.Pixels)
	}
	return nil
}

func (pixelNetwork) MatchFeatures(_ context.Context, image runtime.Image, layers []int) (features [][]float32, err error) {
	for range layers {
		features = append(features, slices.Clone(image.Pixels))
	}
	return features, nil
}

func noiseImage(s uint64, height, width int) runtime.Image {
	random := rand.New(rand.NewPCG(s, 0))
	image := runtime.Image{Height: height, Width: width, Pixels: make([]float32, 3*height*width)}
	for i := range image.Pixels {
		image.Pixels[i] = random.Float32() - 0.5
	}
	return image
}

// A picture that looks for itself finds every position at its place.
func TestTargetsOfTheStyleItself(t *testing.T) {
	image := noiseImage(1, 9, 11)
	for _, rotations := range []bool{false, true} {
		request := Request{Query: image, Content: noiseImage(2, 9, 11), Layers: []int{0}, Rotations: rotations,
			Styles: []Style{{Image: image, Share: 1}}}
		targets, err := Targets(context.Background(), pixelNetwork{}, request)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(targets[0].Values, image.Pixels) {
			t.Errorf("rotations %t: the targets are not the picture", rotations)
		}
	}
}

// redNetwork is a network whose features are the red alone.
type redNetwork struct{ pixelNetwork }

func (n redNetwork) Info() *runtime.Info {
	info := n.pixelNetwork.Info()
	info.Layers[0].Channels = 1
	return info
}

func (redNetwork) MatchFeatures(_ context.Context, image runtime.Image, _ []int) ([][]float32, error) {
	return [][]float32{slices.Clone(image.Pixels[:image.Height*image.Width])}, nil
}

// Colours that the features do not know are looked for as well.
func TestTargetsHaveTheColors(t *testing.T) {
	const height, width = 8, 16
	style, query := noiseImage(1, height, width), noiseImage(2, height, width)
	blue := func(image runtime.Image, p int) *float32 { return &image.Pixels[2*height*width+p] }
	for p := range height * width {
		left := p%width < width/2
		if style.Pixels[p] = -1 - style.Pixels[p]; left {
			style.Pixels[p] += 2
		}
		*blue(style, p), *blue(query, p) = 3, -3
		if left {
			*blue(style, p), *blue(query, p) = -3, 3
		}
	}
	targets, err := Targets(context.Background(), redNetwork{}, Request{Query: query, Content: query, Layers: []int{0}, Styles: []Style{{Image: style, Share: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	for p, v := range targets[0].Values {
		if x := p % width; x < width/2-1 && v > 0 || x > width/2 && v < 0 {
			t.Errorf("position %d, %d: the target is %g, of the other colour", p/width, x, v)
		}
	}
}

func TestTargetsKeepTheContent(t *testing.T) {
	style, content := noiseImage(1, 9, 11), noiseImage(2, 9, 11)
	for _, part := range []float32{0, 1} {
		targets, err := Targets(context.Background(), pixelNetwork{}, Request{Query: style, Content: content, Layers: []int{0},
			Styles: []Style{{Image: style, Share: 1}}, Part: part})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range targets[0].Values {
			if want := (1-part)*style.Pixels[i] + part*content.Pixels[i]; math.Abs(float64(v-want)) > 1e-6 {
				t.Fatalf("part %g: value %d is %g, want %g", part, i, v, want)
			}
		}
	}
}

// In between, all channels of a position keep the same part of the content, 0..1, and not all
// positions all or nothing.
func TestTargetsMixTheContentIn(t *testing.T) {
	const positions = 9 * 11
	style, content := noiseImage(1, 9, 11), noiseImage(2, 9, 11)
	for _, part := range []float32{0.25, 0.5, 0.75} {
		targets, err := Targets(context.Background(), pixelNetwork{}, Request{Query: style, Content: content, Layers: []int{0},
			Styles: []Style{{Image: style, Share: 1}}, Part: part})
		if err != nil {
			t.Fatal(err)
		}
		mixed := 0
		for p := range positions {
			stays := (targets[0].Values[p] - style.Pixels[p]) / (content.Pixels[p] - style.Pixels[p])
			if stays < -1e-4 || stays > 1+1e-4 {
				t.Fatalf("part %g: %g of the content stays at position %d", part, stays, p)
			}
			if stays > 0.01 && stays < 0.99 {
				mixed++
			}
			for i := p; i < len(style.Pixels); i += positions {
				want := style.Pixels[i] + stays*(content.Pixels[i]-style.Pixels[i])
				if math.Abs(float64(targets[0].Values[i]-want)) > 1e-3 {
					t.Fatalf("part %g: value %d is %g, want %g", part, i, targets[0].Values[i], want)
				}
			}
		}
		if mixed == 0 {
			t.Errorf("part %g: no position is a mixture", part)
		}
	}
}

// More stays of the content where it counts more, and with the part at every place; no
// step of the strength repaints much at once.
func TestMoreOfTheContentStays(t *testing.T) {
	before, area := make([]float32, 101), float32(0)
	for step := range 21 {
		k := &kept{part: float32(step) / 20}
		sum := float32(0)
		for i := range before {
			part := k.partAt(float32(i) / 100)
			if part < before[i] || i > 0 && part < k.partAt(float32(i-1)/100) {
				t.Errorf("part %g: %g stays at %d %%, %g before", k.part, part, i, before[i])
			}
			before[i], sum = part, sum+part/101
		}
		if grown := sum - area; grown > 0.125 {
			t.Errorf("part %g: %.3f stays in all, %.3f before", k.part, sum, area)
		}
		area = sum
	}
	if math.Abs(float64(area)-1) > 1e-6 {
		t.Errorf("%g stays in all, want 1", area)
	}
}

// Where masks leave a position to no style, the content stays.
func TestMasksLeaveTheContent(t *testing.T) {
	style, content := noiseImage(1, 9, 11), noiseImage(2, 9, 11)
	left := func(height, width int) []float32 {
		mask := make([]float32, height*width)
		for p := range mask {
			if p%width < 5 {
				mask[p] = 1
			}
		}
		return mask
	}
	request := Request{Query: style, Content: content, Layers: []int{0}, Styles: []Style{{Image: style, Share: 1, Mask: left}}}
	targets, err := Targets(context.Background(), pixelNetwork{}, request)
	if err != nil {
		t.Fatal(err)
	}
	refiner, err := NewRefiner(context.Background(), pixelNetwork{}, request)
	if err != nil {
		t.Fatal(err)
	}
	if err := refiner.Renew(context.Background(), style, 0); err != nil {
		t.Fatal(err)
	}
	for name, values := range map[string][]float32{"hypercolumns": targets[0].Values, "refined": refiner.Targets[0].Values} {
		for i, v := range values {
			want := content.Pixels[i]
			if i%11 < 5 {
				want = style.Pixels[i]
			}
			if v != want {
				t.Fatalf("%s: value %d is %g, want %g", name, i, v, want)
			}
		}
	}
}

func TestChooseSharesPositions(t *testing.T) {
	const n = 100
	random := rand.New(rand.NewPCG(3, 0))
	nearest := make([]found, 3)
	for k := range nearest {
		nearest[k] = found{make([]int32, n), make([]float32, n)}
		for p := range n {
			nearest[k].index[p], nearest[k].score[p] = int32(k), random.Float32()
		}
	}
	styles := []Style{{Share: 0.5}, {Share: 0.3}, {Share: 0.2}}
	c := choose(nearest, styles, make([][]float32, 3))
	counts := map[int]int{}
	worst, best := float32(2), float32(-2) // lead of the first style where it is, and where it is not
	for p, k := range c.style {
		counts[k]++
		if c.candidate[p] != int32(k) {
			t.Errorf("position %d takes a candidate of style %d, not %d", p, c.candidate[p], k)
		}
		if l := lead(nearest, 0, []int{1, 2}, p); k == 0 {
			worst = min(worst, l)
		} else {
			best = max(best, l)
		}
	}
	if counts[0] != 50 || counts[1] != 30 || counts[2] != 20 {
		t.Errorf("shares %v, want 50, 30 and 20", counts)
	}
	if worst < best {
		t.Errorf("the first style has a position where it leads by %g, and not one where it leads by %g", worst, best)
	}
}

func TestDraw(t *testing.T) {
	for _, most := range []int{1, 7, 40, 1000} {
		chosen := draw([]int{10, 0, 25, 5}, most, 1)
		total := 0
		for box, positions := range chosen {
			total += len(positions)
			if !slices.IsSorted(positions) || len(slices.Compact(slices.Clone(positions))) != len(positions) {
				t.Errorf("most %d, box %d: %v", most, box, positions)
			}
			for _, p := range positions {
				if p < 0 || p >= []int{10, 0, 25, 5}[box] {
					t.Errorf("most %d, box %d: position %d", most, box, p)
				}
			}
		}
		if total != min(most, 40) {
			t.Errorf("most %d: %d are drawn", most, total)
		}
	}
}

func TestQuarterTurn(t *testing.T) {
	image := noiseImage(1, 3, 5)
	turned := quarterTurn(image)
	if turned.Height != 5 || turned.Width != 3 || turned.Pixels[0] != image.Pixels[4] {
		t.Errorf("%dx%d, first pixel %g, want 5x3 and %g", turned.Height, turned.Width, turned.Pixels[0], image.Pixels[4])
	}
	if again := quarterTurn(quarterTurn(quarterTurn(turned))); !slices.Equal(again.Pixels, image.Pixels) {
		t.Error("four quarter turns are not the image")
	}
}

// Value i of a coarse row lies at place factor*i + factor - 1, and between two of them
// values are mixed.
func TestEnlarge(t *testing.T) {
	row := []float32{0, 8, 16}
	for factor, want := range map[int][]float32{1: {0, 8, 16}, 2: {0, 0, 4, 8, 12, 16, 16}, 4: {0, 0, 0, 0, 2, 4, 6, 8, 10, 12, 14, 16, 16}} {
		for j, r := range enlarge(3, factor, len(want)) {
			if got := at(row, 3, reading{}, r); got != want[j] {
				t.Errorf("factor %d, place %d: %g, want %g", factor, j, got, want[j])
			}
		}
	}
}

func TestHalve(t *testing.T) {
	half, height, width := halve([]float32{
		1, 2, 3, 4,
		5, 6, 7, 8,
		9, 10, 11, 12,
		13, 14, 15, 16}, 4, 4)
	want := []float32{6, 7.5, 12, 13.5} // means of 3x3, 3x2, 2x3 and 2x2
	if height != 2 || width != 2 || !slices.Equal(half, want) {
		t.Errorf("%dx%d %v, want %v", height, width, half, want)
	}
}

func TestSpread(t *testing.T) {
	values := make([]float32, 100)
	for i := range values {
		values[i] = float32(i)
	}
	got := spread(values)
	if got[0] != 0 || got[30] != 0 || got[99] != 1 || got[62] != 0.5 {
		t.Errorf("at 0, 30, 62 and 99: %g, %g, %g, %g", got[0], got[30], got[62], got[99])
	}
	if flat := spread([]float32{2, 2, 2}); !slices.Equal(flat, []float32{0, 0, 0}) {
		t.Errorf("of equal values: %v", flat)
	}
}
