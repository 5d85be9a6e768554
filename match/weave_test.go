package match

import (
	"context"
	"slices"
	"testing"

	"zellige/runtime"
)

// bankOf is the bank of an image by itself, and the unit vectors of its positions.
func bankOf(t *testing.T, image runtime.Image) (*bank, grid, []float32) {
	t.Helper()
	b, err := newBank(context.Background(), pixelNetwork{}, image, []int{0}, []float64{1}, false, MostCandidates)
	if err != nil {
		t.Fatal(err)
	}
	vectors, common, err := queryVectors(context.Background(), pixelNetwork{}, Request{Query: image, Layers: []int{0}}, []float64{1})
	if err != nil {
		t.Fatal(err)
	}
	return b, common, vectors
}

// at is the candidate at a position of the image as it is.
func (b *bank) at(y, x int) int32 { return b.numbers[spot{0, int32(y), int32(x)}] }

// Where two places of a style are as similar to a position, it takes the one that continues what its neighbours took.
func TestWeaveTakesWhatLiesBeside(t *testing.T) {
	const side, half = 16, 8
	image := noiseImage(1, side, side)
	for i := range image.Pixels { // the right half repeats the left
		if x := i % side; x >= half {
			image.Pixels[i] = image.Pixels[i-half]
		}
	}
	b, g, vectors := bankOf(t, image)
	f := found{make([]int32, side*side), make([]float32, side*side)}
	for p := range f.index {
		f.index[p] = b.at(p/side, p%side)
	}
	for y := 3; y < side; y += 5 {
		for x := 2; x < half-1; x += 3 { // the same, half a picture away
			f.index[y*side+x] = b.at(y, x+half)
		}
	}
	weave(g, b, vectors, f)
	for p, candidate := range f.index {
		if s := b.spots[candidate]; int(s.y)*side+int(s.x) != p {
			t.Errorf("position %d, %d takes the place at %d, %d", p/side, p%side, s.y, s.x)
		}
	}
}

// Similarity still counts: neighbours that agree do not keep a position from what is far more like it.
func TestWeaveKeepsWhatIsNearer(t *testing.T) {
	image := noiseImage(1, 12, 12)
	b, g, vectors := bankOf(t, image)
	f := found{make([]int32, 144), make([]float32, 144)}
	for p := range f.index {
		f.index[p] = b.at(p/12, p%12)
	}
	want := slices.Clone(f.index)
	for _, p := range []int{39, 40, 41, 51, 52, 53, 63, 64, 65} { // they agree, on a place that is not like them
		f.index[p] = b.at(p/12+4, p%12+2)
	}
	weave(g, b, vectors, f)
	if !slices.Equal(f.index, want) {
		t.Error("a picture does not find itself any more")
	}
	for p, score := range f.score {
		if score < Neighbours-1e-3 || score > Neighbours+1e-3 {
			t.Errorf("position %d has the score %g, want %d", p, score, Neighbours)
		}
	}
}

func TestBeside(t *testing.T) {
	b, _, _ := bankOf(t, noiseImage(1, 10, 12))
	for _, c := range []struct{ y, x, down, right, want int }{
		{4, 5, 1, -1, 5*12 + 4}, {0, 0, -1, 0, none}, {9, 11, 0, 1, none}, {9, 11, -1, -1, 8*12 + 10},
	} {
		got := b.beside(b.at(c.y, c.x), c.down, c.right)
		if want := int32(none); c.want == none && got != want || c.want != none && got != b.at(c.want/12, c.want%12) {
			t.Errorf("%d below and %d to the right of %d, %d: candidate %d", c.down, c.right, c.y, c.x, got)
		}
	}
}

// Candidates are drawn in squares, no more than asked for, and all where there are few.
func TestDrawTiles(t *testing.T) {
	g := grid{height: 20, width: 33}
	for most, want := range map[int]int{1 << 13: 4 * 20 * 33, 10 * tileSide * tileSide: 0, 1: 0} {
		total := 0
		for turn, positions := range drawTiles(g, 4, most) {
			height, width := g.height, g.width
			if turn%2 == 1 {
				height, width = width, height
			}
			in := make([]bool, height*width)
			for _, p := range positions {
				if in[p] {
					t.Fatalf("position %d is drawn twice", p)
				}
				in[p] = true
			}
			for p, drawn := range in {
				if corner := p/width/tileSide*tileSide*width + p%width/tileSide*tileSide; drawn != in[corner] {
					t.Fatalf("most %d: position %d, %d and its tile are not drawn together", most, p/width, p%width)
				}
			}
			total += len(positions)
		}
		if want > 0 && total != want || total == 0 || total > max(most, tileSide*tileSide) {
			t.Errorf("at most %d: %d are drawn", most, total)
		}
	}
}
