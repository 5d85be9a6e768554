package picture

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// stripes are oblique ones of two colours, speckled by noise.
func stripes(height, width int, noise float64) []float32 {
	random := rand.New(rand.NewPCG(1, 2))
	values := make([]float32, 3*height*width)
	for i := range values {
		y, x := i/width%height, i%width
		values[i] = float32(math.Tanh(3*math.Sin(float64(x+2*y)/6)) + noise*random.NormFloat64())
	}
	return values
}

func away(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]-b[i]) * float64(a[i]-b[i])
	}
	return math.Sqrt(sum / float64(len(a)))
}

func TestCoherentTakesSpecklesAndKeepsStripes(t *testing.T) {
	plain, speckled := stripes(90, 120, 0), stripes(90, 120, 0.3)
	coherent := Coherent(t.Context(), speckled, 90, 120, Marks{2, 2})
	if before, after := away(plain, speckled), away(plain, coherent); after > before/2 {
		t.Errorf("speckles went from %g to %g, want less than half", before, after)
	}
}

// A contour that is blurred across becomes sharp.
func TestCoherentSharpensContours(t *testing.T) {
	const height, width = 40, 60
	values := make([]float32, 3*height*width)
	for i := range values {
		values[i] = float32(1 / (1 + math.Exp(-float64(i%width-width/2)/2)))
	}
	steepest := func(v []float32) (most float32) {
		for x := 1; x < width; x++ {
			most = max(most, v[20*width+x]-v[20*width+x-1])
		}
		return most
	}
	if before, after := steepest(values), steepest(Coherent(t.Context(), values, height, width, Marks{2, 2})); after < 1.1*before {
		t.Errorf("the steepest step is %g, before it was %g", after, before)
	}
}

func TestCoherentLeavesWhatHasNoMarks(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 9}, {300, 2}} {
		plain := slices.Repeat([]float32{0.25}, 3*size[0]*size[1])
		if got := Coherent(t.Context(), plain, size[0], size[1], Marks{4, 4}); away(got, plain) > 1e-6 {
			t.Errorf("a plain picture of %v changed by %g", size, away(got, plain))
		}
	}
}

// A run that diverged has such pixels, and ends with a picture all the same.
func TestCoherentOfPixelsThatAreNoNumbers(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e30} {
		values := stripes(20, 30, 0.1)
		values[205], values[2*600+7] = float32(bad), float32(-bad)
		Coherent(t.Context(), values, 20, 30, Marks{4, 8})
		Detail(values, 20, 30)
	}
}

// The bands that the picture is filtered in do not show.
func TestCoherentBands(t *testing.T) {
	const height, width = 2*bandRows + 50, 40
	marks := Marks{Length: 4, Around: 7}
	values := stripes(height, width, 0.5)
	f := flowOf(values, height, width, marks)
	whole := f.across(f.along(values))
	if got := Coherent(t.Context(), values, height, width, marks); away(got, whole) > 1e-5 {
		t.Errorf("in bands differs by %g", away(got, whole))
	}
}

func TestDetail(t *testing.T) {
	const height, width = 60, 90
	values := stripes(height, width, 0)
	for i := range values {
		if i%width < width/2 {
			values[i] = 0.5
		}
	}
	details := Detail(values, height, width)
	if plain, striped := details[30*width+10], details[30*width+70]; plain != 0 || striped < 0.5 {
		t.Errorf("detail is %g in the plain and %g in stripes", plain, striped)
	}
	for _, v := range Detail(make([]float32, 3), 1, 1) {
		if v != 0 {
			t.Errorf("detail of one pixel is %g", v)
		}
	}
}
