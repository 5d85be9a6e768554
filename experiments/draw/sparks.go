package main

import (
	"math"
	"math/rand/v2"
)

const sparkCount = 170

// throwSparks draws glowing specks, most of them over the flames, each a short trail along the draught: the longer the
// faster it flew while the shutter was open.
func throwSparks(light *canvas, air *draught) {
	rng := rand.New(rand.NewPCG(1666, 9))
	scale := float64(light.w) / referenceWidth
	for range sparkCount {
		height := math.Pow(rng.Float64(), 0.75)
		p := vec{rng.Float64() * referenceWidth, fireHeight * (1 - height)}
		size := 0.45 + 0.75*math.Pow(rng.Float64(), 3)
		hot := 0.3 + 0.7*rng.Float64()
		shutter := 3 + 11*rng.Float64()
		for t := 0.0; t < shutter; t += 0.15 {
			fade := math.Sin(math.Pi * (t + 0.15) / (shutter + 0.3))
			light.dot(p.scale(scale), size*scale*(0.5+0.5*fade), heat.at(hot).scale(0.5*hot*fade))
			p = p.add(air.wind(p, 1500+t).scale(0.15))
		}
	}
}

// dot adds a soft round speck of the given radius at p, both in pixels.
func (c *canvas) dot(p vec, radius float64, light rgb) {
	for y := int(p.y - 2*radius); y <= int(p.y+2*radius)+1; y++ {
		for x := int(p.x - 2*radius); x <= int(p.x+2*radius)+1; x++ {
			if x < 0 || y < 0 || x >= c.w || y >= c.h {
				continue
			}
			d := vec{float64(x) + 0.5, float64(y) + 0.5}.sub(p).scale(1 / radius)
			at := c.at(x, y)
			*at = at.add(light.scale(math.Exp(-2 * d.dot(d))))
		}
	}
}
