package main

import "math"

// wall is the mosaic sample by sample: how high it stands (in reference pixels), what it is painted with, and how
// much it shines.
type wall struct {
	scale  float64 // samples per reference pixel
	height *field
	paint  *canvas
	gloss  *field
}

// bucketSize is the side of the squares that tiles are sorted into, to find those near a sample.
const bucketSize = 16

func newWall(tiles []tile, width int) *wall {
	n := width * zelligeSampling
	w := &wall{float64(n) / referenceWidth, newField(n, n), newCanvas(n, n), newField(n, n)}
	near := sortIntoBuckets(tiles)
	texture := newGrain()
	eachRow(n, func(y int) {
		for x := range n {
			p := vec{(float64(x) + 0.5) / w.scale, (float64(y) + 0.5) / w.scale}
			s := surfaceAt(p, near(p), texture)
			i := y*n + x
			w.height.v[i], w.paint.pix[i], w.gloss.v[i] = s.height, s.paint, s.gloss
		}
	})
	return w
}

// sortIntoBuckets returns a look-up of the tiles that may cover a point, or a place that wanders up to two pixels from it.
func sortIntoBuckets(tiles []tile) func(vec) []*tile {
	const n = referenceWidth/bucketSize + 1
	var buckets [n * n][]*tile
	for i := range tiles {
		t := &tiles[i]
		low := func(v float64) int { return max(0, int((v-t.reach-2)/bucketSize)) }
		high := func(v float64) int { return min(n-1, int((v+t.reach+2)/bucketSize)) }
		for row := low(t.centre.y); row <= high(t.centre.y); row++ {
			for col := low(t.centre.x); col <= high(t.centre.x); col++ {
				buckets[row*n+col] = append(buckets[row*n+col], t)
			}
		}
	}
	return func(p vec) []*tile { return buckets[int(p.y)/bucketSize*n+int(p.x)/bucketSize] }
}

// surface is what one sample of the wall is.
type surface struct {
	height, gloss float64
	paint         rgb
}

// surfaceAt finds the tile that p lies deepest in. Hand-cut tiles may overlap by a hair; the deeper one wins.
func surfaceAt(p vec, near []*tile, g *grain) surface {
	// The chisel does not follow the ruler: the outline is looked up at a slightly wandering place.
	wander := vec{g.coarse.at2(p.x/9, p.y/9), g.coarse.at2(p.x/9+50, p.y/9)}.scale(0.9).
		add(vec{g.fine.at2(p.x/3, p.y/3), g.fine.at2(p.x/3, p.y/3+50)}.scale(0.35))
	q := p.add(wander)
	var top *tile
	depth := math.Inf(-1)
	for _, t := range near {
		if d := depthInside(t.outline, q); d > depth {
			top, depth = t, d
		}
	}
	depth -= groutHalfWidth
	if top == nil || depth <= 0 {
		return g.grout(p, -depth)
	}
	chip := g.chip(p, top)
	if depth < chip {
		return g.biscuit(p, top, depth)
	}
	return g.glazed(p, top, depth, depth-chip)
}
