package picture

import (
	"math"
	"math/rand/v2"
	"slices"

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
	top       int       // row of the whole picture that this one begins with
	places    []nearest // [height*width]
}

// spot is the middle of a patch of a painting.
type spot struct{ painting, y, x int32 }

// moved is the spot so many pixels below and to the right.
func (s spot) moved(y, x int) spot { return spot{s.painting, s.y + int32(y), s.x + int32(x)} }

type nearest struct {
	spot
	distance float32
}

func newField(picture *relief, paintings []*relief, top int) *field {
	f := &field{picture, paintings, top, make([]nearest, picture.height*picture.width)}
	for i := range f.places {
		f.places[i] = nearest{spot{y: patchReach, x: patchReach}, math.MaxFloat32}
	}
	return f
}

// search finds the places of every second pixel of every second row: from random ones on, each looks again and again at
// where its neighbours found theirs and at random about its own (Barnes and others, "PatchMatch", 2009). The pixels
// between take from them. All look at what was found the time before, so that the result is the same for any number of processors.
func (f *field) search() {
	for i := range searches {
		f.round(2, func(l *look, before []nearest) {
			l.random = rand.New(rand.NewPCG(uint64((f.top+l.y)*f.picture.width+l.x), uint64(i)))
			l.beside(before, 2)
			l.beside(before, 8)
			l.about()
		})
	}
	for range 2 { // the second for those whose neighbours have none yet
		f.round(1, func(l *look, before []nearest) { l.beside(before, 1) })
	}
}

// round lets pixels look, so many from each other.
func (f *field) round(apart int, do func(l *look, before []nearest)) {
	before, width := slices.Clone(f.places), f.picture.width
	parallel.New((f.picture.height+apart-1)/apart, func(low, high int) {
		for y := low * apart; y < high*apart && y < f.picture.height; y += apart {
			for x := 0; x < width; x += apart {
				l := look{field: f, y: y, x: x, best: &f.places[y*width+x]}
				l.sample()
				do(&l, before)
			}
		}
	}).Run()
}

// look is a pixel's search.
type look struct {
	*field
	random *rand.Rand
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
func (l *look) beside(before []nearest, step int) {
	for _, d := range [...][2]int{{-step, 0}, {step, 0}, {0, -step}, {0, step}} {
		y, x := l.y+d[0], l.x+d[1]
		if y >= 0 && y < l.picture.height && x >= 0 && x < l.picture.width {
			l.try(before[y*l.picture.width+x].moved(-d[0], -d[1]))
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
	l.try(spot{painting: int32(painting)}.moved(l.random.IntN(from.height), l.random.IntN(from.width)))
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
	if d := l.distance(from, int(s.y), int(s.x)); d < l.best.distance {
		*l.best = nearest{s, d}
	}
}

// distance is the squared one between the pixel's patch and that of a painting, or more than the best.
func (l *look) distance(from *relief, y, x int) (sum float32) {
	base := &from.base[y*from.width+x]
	for c, v := range base {
		sum += baseWeight * patchSide * patchSide * (v - l.base[c]) * (v - l.base[c])
	}
	for i := 0; i < patchSide && sum < l.best.distance; i++ {
		row := from.looks[(y-patchReach+i*patchStep)*from.width+x-patchReach:][:2*patchReach+1]
		for j := range patchSide {
			a, b := &l.patch[i*patchSide+j], &row[j*patchStep]
			red, green, blue := a[0]+base[0]-b[0], a[1]+base[1]-b[1], a[2]+base[2]-b[2]
			sum += red*red + green*green + blue*blue
		}
	}
	return sum
}
