package picture

import (
	"context"
	"math"
	"math/rand/v2"

	"zellige/internal/parallel"
)

// Of the search for the nearest patch.
const (
	patchSide   = 5 // samples of a patch, in both directions
	patchStep   = 2 // pixels from one to the next
	patchReach  = patchSide / 2 * patchStep
	baseWeight  = 0.3 // of the difference between the bases of two patches, against that of each sample less its base
	searches    = 10
	searchSteps = 3 // the reach of a random look becomes as many times smaller from one to the next
)

// field is where in the paintings the nearest patch of every pixel lies.
type field struct {
	picture   *relief
	paintings []*relief
	turns     int       // in how many of four directions paintings are looked at
	top       int       // row of the whole picture that this one begins with
	places    []nearest // [height*width]
	before    []nearest // those of the round before
}

// spot is the middle of a patch of a painting, as it is seen after so many quarter turns.
type spot struct {
	painting, turn int16
	y, x           int32
}

// moved is the spot so many pixels below and to the right as the painting is seen.
func (s spot) moved(y, x int) spot {
	y, x = turned(int(s.turn), y, x)
	return spot{s.painting, s.turn, s.y + int32(y), s.x + int32(x)}
}

// turned is a step in the painting that after so many quarter turns is one down and to the right.
func turned(turn, y, x int) (int, int) {
	for range turn {
		y, x = x, -y
	}
	return y, x
}

// samplesOf are the steps to the samples of a patch of a picture so wide, by turn.
func samplesOf(width int) (steps [4][patchSide * patchSide]int) {
	for turn := range steps {
		for k := range steps[turn] {
			y, x := turned(turn, k/patchSide*patchStep-patchReach, k%patchSide*patchStep-patchReach)
			steps[turn][k] = y*width + x
		}
	}
	return steps
}

type nearest struct {
	spot
	distance float32
}

func newField(picture *relief, paintings []*relief, turns, top int) *field {
	n := picture.height * picture.width
	f := &field{picture, paintings, turns, top, make([]nearest, n), make([]nearest, n)}
	for i := range f.places {
		f.places[i] = nearest{spot{y: patchReach, x: patchReach}, math.MaxFloat32}
	}
	return f
}

// search finds the places of every second pixel of every second row: from random ones on, each looks again and again at
// where its neighbours found theirs and at random about its own (Barnes and others, "PatchMatch", 2009). The pixels
// between take from them. All look at what was found the time before, so that the result is the same for any number of processors.
func (f *field) search(ctx context.Context) {
	for i := range searches {
		f.round(ctx, 2, func(l *look) {
			l.source.Seed(uint64((f.top+l.y)*f.picture.width+l.x), uint64(i))
			l.beside(2)
			l.beside(8)
			l.about()
		})
	}
	for range 2 { // the second for those whose neighbours have none yet
		f.round(ctx, 1, func(l *look) { l.beside(1) })
	}
}

// round lets pixels look, so many from each other.
func (f *field) round(ctx context.Context, apart int, do func(l *look)) {
	copy(f.before, f.places)
	width := f.picture.width
	parallel.New((f.picture.height+apart-1)/apart, func(low, high int) {
		l := look{field: f}
		l.random = rand.New(&l.source)
		for y := low * apart; y < high*apart && y < f.picture.height && ctx.Err() == nil; y += apart {
			for x := 0; x < width; x += apart {
				l.y, l.x, l.best = y, x, &f.places[y*width+x]
				l.sample()
				do(&l)
			}
		}
	}).Run()
}

// look is a pixel's search; the pixels of some rows use it one after the other.
type look struct {
	*field
	source rand.PCG
	random *rand.Rand // of source
	y, x   int
	patch  patch
	base   [3]float32
	best   *nearest
}

// patch are the samples of a patch less its base.
type patch [patchSide * patchSide][3]float32

func (l *look) sample() {
	r, k := l.picture, 0
	l.base = r.base[l.y*r.width+l.x]
	for y := l.y - patchReach; y <= l.y+patchReach; y += patchStep {
		row := min(max(y, 0), r.height-1) * r.width
		for x := l.x - patchReach; x <= l.x+patchReach; x += patchStep {
			v := r.looks[row+min(max(x, 0), r.width-1)]
			l.patch[k] = [3]float32{v[0] - l.base[0], v[1] - l.base[1], v[2] - l.base[2]}
			k++
		}
	}
}

// beside looks where neighbours so far off found theirs.
func (l *look) beside(step int) {
	for _, d := range [...][2]int{{-step, 0}, {step, 0}, {0, -step}, {0, step}} {
		y, x := l.y+d[0], l.x+d[1]
		if y >= 0 && y < l.picture.height && x >= 0 && x < l.picture.width {
			l.try(l.before[y*l.picture.width+x].moved(-d[0], -d[1]))
		}
	}
}

// about looks anywhere in a painting, and then nearer and nearer to the place.
func (l *look) about() {
	l.anywhere(l.random.IntN(len(l.paintings)))
	from := l.paintings[l.best.painting]
	for reach := max(from.height, from.width) / searchSteps; reach > 1; reach /= searchSteps {
		l.try(l.best.moved(l.random.IntN(2*reach+1)-reach, l.random.IntN(2*reach+1)-reach))
	}
}

func (l *look) anywhere(painting int) {
	from := l.paintings[painting]
	l.try(spot{int16(painting), int16(l.random.IntN(l.turns)), l.random.Int32N(int32(from.height)), l.random.Int32N(int32(from.width))})
}

// try takes a spot, or the next one that has room for a patch, if it is nearer than the best and
// its painting is used here.
func (l *look) try(s spot) {
	from := l.paintings[s.painting]
	if from.mask != nil && from.mask[(l.top+l.y)*l.picture.width+l.x] <= 0 {
		return
	}
	s.y = min(max(s.y, patchReach), int32(from.height)-1-patchReach)
	s.x = min(max(s.x, patchReach), int32(from.width)-1-patchReach)
	if s == l.best.spot {
		return
	}
	if d := l.distance(from, s); d < l.best.distance {
		*l.best = nearest{s, d}
	}
}

// distance is the squared one between the pixel's patch and that of a painting, or more than the best.
func (l *look) distance(from *relief, s spot) (sum float32) {
	middle, samples := int(s.y)*from.width+int(s.x), &from.samples[s.turn]
	base := &from.base[middle]
	for c, v := range base {
		sum += baseWeight * patchSide * patchSide * (v - l.base[c]) * (v - l.base[c])
	}
	for first := 0; first < len(samples) && sum < l.best.distance; first += patchSide {
		for k := first; k < first+patchSide; k++ {
			a, b := &l.patch[k], &from.looks[middle+samples[k]]
			red, green, blue := a[0]+base[0]-b[0], a[1]+base[1]-b[1], a[2]+base[2]-b[2]
			sum += red*red + green*green + blue*blue
		}
	}
	return sum
}
