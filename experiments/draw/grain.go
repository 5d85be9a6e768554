package main

import "math"

// grain holds the noises that make up the materials.
type grain struct{ coarse, fine *noise }

func newGrain() *grain { return &grain{newNoise(11), newNoise(12)} }

// chip is how far the glaze has broken away from the edge: nearly everywhere not at all.
func (g *grain) chip(p vec, t *tile) float64 {
	bite := g.coarse.at2(p.x/8+t.seed.x, p.y/8+t.seed.y) - 0.48
	if bite <= 0 {
		return 0
	}
	return min(0.8+bite*45, 4.5) + 0.9*g.fine.at2(p.x/1.7, p.y/1.7)
}

// grout is the sandy mortar, gap pixels from the nearest tile.
func (g *grain) grout(p vec, gap float64) surface {
	sand := g.fine.at2(p.x/1.3, p.y/1.3)
	stain := g.coarse.fractal(p.x/60, p.y/60, 3)
	return surface{
		height: 0.5*sand - 0.3*min(gap, 2),
		paint:  grout.scale(0.9 + 0.35*sand + 0.3*stain),
	}
}

// biscuit is the bare clay where the glaze has chipped off.
func (g *grain) biscuit(p vec, t *tile, depth float64) surface {
	pit := g.fine.fractal(p.x/2.5, p.y/2.5, 2)
	return surface{
		height: tileThickness*0.55*(1-math.Exp(-depth/1.2)) + 0.5*pit,
		paint:  clay.scale(0.85 + 0.4*pit),
	}
}

// glazed is the face of the tile, depth pixels inside its edge and rim pixels inside the edge of its glaze.
func (g *grain) glazed(p vec, t *tile, depth, rim float64) surface {
	q := p.add(t.seed)
	pool := g.pooling(q, rim, t.glaze.uneven)
	roll := 1 - math.Exp(-rim/edgeRounding)
	face := t.tilt.dot(p.sub(t.centre)) + t.lift
	ripple := 0.42*g.coarse.at2(q.x/26, q.y/26) + 0.05*g.coarse.at2(q.x/9, q.y/9) + 0.014*g.fine.at2(q.x/2.6, q.y/2.6)
	s := surface{
		height: tileThickness*(0.45+0.55*roll) + (face+ripple)*roll,
		paint:  mix(t.glaze.thin, t.glaze.pooled, pool),
		gloss:  smoothstep(0, 1, rim),
	}
	s.paint = mix(s.paint, clay, 0.35*math.Exp(-rim/0.9)) // glaze draws back from an edge and the clay shows
	g.pinhole(q, &s)
	return s
}

// pooling says how thick the glaze is, 0 to 1: clouds, brush streaks, and thinner along the edge.
func (g *grain) pooling(q vec, rim, uneven float64) float64 {
	cloud := g.coarse.fractal(q.x/26, q.y/26, 4)
	angle := g.coarse.at2(q.x/300, q.y/300) * 6
	brush := q.rotate(angle)
	streak := g.fine.at2(brush.x/14, brush.y/2.2)
	return clamp01(0.5 + uneven*(0.75*cloud+0.16*streak) - 0.3*math.Exp(-rim/3))
}

// pinhole pits the glaze where a bubble burst in the kiln.
func (g *grain) pinhole(q vec, s *surface) {
	if hole := g.fine.at2(q.x/2.1+31, q.y/2.1) - 0.68; hole > 0 {
		s.height -= 3 * hole
		s.paint = s.paint.scale(1 - min(0.7, 5*hole))
	}
}
