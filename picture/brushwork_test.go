package picture

import (
	"math"
	"math/rand/v2"
	goruntime "runtime"
	"slices"
	"testing"
)

// lines is a picture, [3][height*width], of lines 3 pixels wide of random lightness.
func lines(height, width int, seed uint64) []float32 {
	random := rand.New(rand.NewPCG(seed, 0))
	values := make([]float32, 3*height*width)
	for x := range width / 3 {
		v := random.Float32()
		for p := range 3 * height * 3 {
			values[p/3*width+3*x+p%3] = v
		}
	}
	return values
}

// soft is a picture as soft as one that is painted by its features.
func soft(values []float32, height, width int) []float32 {
	out, n := slices.Clone(values), height*width
	for c := range 3 {
		smooth(out[c*n:][:n], height, width, softness)
	}
	return out
}

// apart is the mean squared difference of two pictures.
func apart(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64((a[i] - b[i]) * (a[i] - b[i]))
	}
	return sum / float64(len(a))
}

// A soft copy of a painting becomes the painting, by rows that are done one after the other as well.
func TestBrushworkCompletesTheAnalogy(t *testing.T) {
	const height, width = brushRows + 40, 96
	painting := lines(height, width, 1)
	picture := soft(painting, height, width)
	paintings := []Painting{{Pixels: painting, Height: height, Width: width}}
	brushed := Brushwork(t.Context(), picture, height, width, paintings, 1, nil)
	if before, after := apart(picture, painting), apart(brushed, painting); after > before/4 {
		t.Errorf("the soft copy is %g from the painting, brushed %g", before, after)
	}
	defer goruntime.GOMAXPROCS(goruntime.GOMAXPROCS(1))
	if !slices.Equal(Brushwork(t.Context(), picture, height, width, paintings, 1, nil), brushed) {
		t.Error("one processor brushes another picture")
	}
}

// Each half of a picture looks at the painting that its mask allows: a plain one takes its marks away, unless they are
// to be kept.
func TestBrushworkKeepsToTheMasks(t *testing.T) {
	const size = 60
	painting, plain := lines(size, size, 1), make([]float32, 3*size*size)
	picture, base := soft(painting, size, size), blurred(soft(painting, size, size), size, size, finestMarks)
	left, right, keep := make([]float32, size*size), make([]float32, size*size), make([]float32, size*size)
	for p := range left {
		x, y := p%size, p/size
		left[p], right[p], keep[p] = float32(1-2*x/size), float32(2*x/size), float32(2*y/size)
	}
	brushed := Brushwork(t.Context(), picture, size, size, []Painting{{painting, size, size, left}, {plain, size, size, right}}, 1, keep)
	at := func(y, x int) int { return y*size + x }
	for p, want := range map[int]float32{
		at(10, 20): painting[at(10, 20)], at(50, 20): painting[at(50, 20)],
		at(10, 50): base[at(10, 50)][0], at(50, 50): picture[at(50, 50)],
	} {
		if got := brushed[p]; math.Abs(float64(got-want)) > 0.02 {
			t.Errorf("at %d, %d: %g, want %g; the picture is %g", p/size, p%size, got, want, picture[p])
		}
	}
}

// A painting that has no room for a patch is none, and a picture may be smaller than one.
func TestBrushworkOfSmallPictures(t *testing.T) {
	picture := lines(5, 3, 1)
	if got := Brushwork(t.Context(), picture, 5, 3, []Painting{{lines(8, 9, 2), 8, 9, nil}}, 1, nil); !slices.Equal(got, picture) {
		t.Error("a painting without room for a patch was used")
	}
	if got := Brushwork(t.Context(), picture, 5, 3, []Painting{{lines(9, 9, 2), 9, 9, nil}}, 1, nil); slices.Equal(got, picture) {
		t.Error("a painting with room for a patch was not used")
	}
}
