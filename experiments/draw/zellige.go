package main

import "math/rand/v2"

// Everything below is in reference pixels unless it says otherwise.
const (
	zelligeStars    = 5     // stars per side
	zelligeSampling = 3     // samples per pixel and direction
	groutHalfWidth  = 1.25  // from the pattern's line to the tile's edge
	edgeRounding    = 2.2   // how far the glaze rolls off at the edge
	tileThickness   = 2.6   // over the grout
	tileSlope       = 0.045 // standard deviation of a tile's tilt
)

// tile is a piece as it was cut, glazed and laid: nothing about it is exact.
type tile struct {
	outline []vec
	centre  vec
	reach   float64 // of the farthest corner from the centre
	tilt    vec     // slope of its face
	lift    float64 // how much higher than its neighbours it lies
	glaze   enamel
	seed    vec // where in the noise its texture comes from
}

// drawZellige lays the star-and-cross mosaic in glazed tiles, lit from the upper left: first the relief and the
// paint of every sample, then the light on it.
func drawZellige(width int) *canvas {
	wall := newWall(layTiles(), width)
	return wall.lit().shrink(zelligeSampling)
}

// layTiles cuts every piece of the pattern by hand.
func layTiles() []tile {
	rng := rand.New(rand.NewPCG(1558, 8))
	pieces := starAndCross(zelligeStars, referenceWidth)
	tiles := make([]tile, len(pieces))
	for i, p := range pieces {
		tiles[i] = cut(p, rng)
	}
	return tiles
}

// cut moves, turns and trims the piece a little, and picks it out of its glaze's batch.
func cut(p piece, rng *rand.Rand) tile {
	c := centroid(p.outline)
	shift := vec{rng.NormFloat64(), rng.NormFloat64()}.scale(0.55)
	turn := rng.NormFloat64() * 0.016
	t := tile{
		centre: c.add(shift),
		tilt:   vec{rng.NormFloat64(), rng.NormFloat64()}.scale(tileSlope),
		lift:   rng.NormFloat64() * 0.25,
		seed:   vec{rng.Float64() * 200, rng.Float64() * 200},
	}
	for _, q := range p.outline {
		nick := vec{rng.NormFloat64(), rng.NormFloat64()}.scale(0.55)
		t.outline = append(t.outline, t.centre.add(q.sub(c).rotate(turn)).add(nick))
	}
	t.reach = reach(t.outline, t.centre)
	t.glaze = fired(p, rng)
	return t
}
