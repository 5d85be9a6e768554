package runtime

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"zellige/internal/shorttest"
)

// checkPieces checks everything that the exactness of pieces rests on.
func checkPieces(t *testing.T, info *Info, height, width, deepest, most int, pieces []piece, gradient bool) {
	t.Helper()
	picture := whole(height, width)
	covered := newGrid(picture, 1)
	features := make([]grid, deepest+1)
	for l := range features {
		features[l] = newGrid(info.featuresOf(l, picture), 1)
	}
	for n, p := range pieces {
		if p.crop.height() != pieces[0].crop.height() || p.crop.width() != pieces[0].crop.width() || p.crop.size() > most {
			t.Errorf("piece %d: the crop is %dx%d, the first one's %dx%d, most %d pixels", n, p.crop.width(), p.crop.height(),
				pieces[0].crop.width(), pieces[0].crop.height(), most)
		}
		halo := info.Layers[deepest].ReceptiveField - 1
		if !gradient {
			halo /= 2 // SqueezeNet's windows are centred
		}
		checkHalo(t, info.Layers[deepest], halo, p.owned.rows, p.crop.rows, height)
		checkHalo(t, info.Layers[deepest], halo, p.owned.columns, p.crop.columns, width)
		count(covered, p.owned)
		for l, f := range features {
			owned, held := info.owned(l, p.owned, picture), info.featuresOf(l, p.crop)
			if owned.rows.from < held.rows.from || owned.rows.to > held.rows.to || owned.columns.from < held.columns.from || owned.columns.to > held.columns.to {
				t.Fatalf("piece %d, layer %d: owns features %v, its crop has %v", n, l, owned, held)
			}
			count(f, owned)
		}
	}
	for l, g := range append(features, covered) {
		for i, v := range g.values {
			if v != 1 {
				t.Fatalf("layer %d (%d: pixels): position %d is owned by %g pieces", l, deepest+1, i, v)
			}
		}
	}
}

// checkHalo checks one side: starts that fit the strides, and a halo between an
// owned pixel and an end of the crop that is not the picture's.
func checkHalo(t *testing.T, l Layer, halo int, owned, crop span, length int) {
	t.Helper()
	if owned.length() < 1 || crop.from < 0 || crop.to > length || crop.from%l.Stride != 0 || owned.from%l.Stride != 0 {
		t.Errorf("%v owned of crop %v of %d, stride %d", owned, crop, length, l.Stride)
	}
	if crop.from > 0 && owned.from-crop.from < halo || crop.to < length && crop.to-owned.to < halo {
		t.Errorf("%v owned of crop %v of %d, layer %d needs %d around it", owned, crop, length, l.Index, halo)
	}
}

func count(g grid, part area) {
	part = part.minus(g.area)
	for r := part.rows.from; r < part.rows.to; r++ {
		for c := part.columns.from; c < part.columns.to; c++ {
			g.values[r*g.width()+c]++
		}
	}
}

func TestPieces(t *testing.T) {
	shorttest.Skip(t)
	info := squeezeNet(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		height, width := 17+random.IntN(1000), 17+random.IntN(1000)
		if random.IntN(4) == 0 {
			height = 17 + random.IntN(20) // a strip
		}
		deepest, most := random.IntN(13), 500+random.IntN(400000)
		gradient := random.IntN(2) == 0
		purpose := info.forFeatures(deepest)
		if gradient {
			purpose = info.forGradient(deepest)
		}
		most = max(most, purpose.least(height, width))
		pieces := cross(purpose.divide(height, width, most))
		t.Run(fmt.Sprintf("size=%dx%d/layer=%d/gradient=%t/most=%d", height, width, deepest, gradient, most), func(t *testing.T) {
			checkPieces(t, info, height, width, deepest, most, pieces, gradient)
		})
		if t.Failed() {
			return
		}
	}
}
