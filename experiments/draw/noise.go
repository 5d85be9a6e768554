package main

import (
	"math"
	"math/rand/v2"
)

// noise is seeded gradient noise (Perlin, "Improving Noise", 2002): smooth, about -0.8 to 0.8, with features
// about one unit apart.
//
// It repeats after mask+1 units.
type noise struct {
	perm [512]uint8
	mask int
}

func newNoise(seed uint64) *noise {
	n := &noise{mask: 255}
	for i, v := range rand.New(rand.NewPCG(seed, 0x5eed)).Perm(256) {
		n.perm[i], n.perm[i+256] = uint8(v), uint8(v)
	}
	return n
}

// gradients2 are sixteen directions around the circle; eight would show as a grid.
var gradients2 = func() (g [16]vec) {
	for i := range g {
		g[i] = polar(vec{}, math.Sqrt2, i)
	}
	return g
}()

// at2 is the noise in the plane.
func (n *noise) at2(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int(fx), int(fy)
	x, y = x-fx, y-fy
	corner := func(dx, dy int) float64 {
		g := &gradients2[n.perm[int(n.perm[(ix+dx)&n.mask])+(iy+dy)&n.mask]&15]
		return g.x*(x-float64(dx)) + g.y*(y-float64(dy))
	}
	u, v := fade(x), fade(y)
	return lerp(lerp(corner(0, 0), corner(1, 0), u), lerp(corner(0, 1), corner(1, 1), u), v)
}

func fade(t float64) float64 { return t * t * t * (t*(t*6-15) + 10) }

// fractal sums octaves of at2, each twice as fine and half as strong.
func (n *noise) fractal(x, y float64, octaves int) float64 {
	sum, amplitude := 0.0, 1.0
	for range octaves {
		sum += amplitude * n.at2(x, y)
		// The odd shift keeps the octaves' grids from meeting in the origin.
		x, y, amplitude = 2*x+17.3, 2*y+9.1, amplitude/2
	}
	return sum
}
