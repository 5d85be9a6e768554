package main

import (
	"math"
	"math/rand/v2"
)

// noise is seeded gradient noise (Perlin, "Improving Noise", 2002): smooth, about -0.8 to 0.8, with features
// about one unit apart.
type noise struct{ perm [512]uint8 }

func newNoise(seed uint64) *noise {
	n := &noise{}
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
	ix, iy := int(fx)&255, int(fy)&255
	x, y = x-fx, y-fy
	corner := func(dx, dy int) float64 {
		g := &gradients2[n.perm[int(n.perm[ix+dx])+iy+dy&255]&15]
		return g.x*(x-float64(dx)) + g.y*(y-float64(dy))
	}
	u, v := fade(x), fade(y)
	return lerp(lerp(corner(0, 0), corner(1, 0), u), lerp(corner(0, 1), corner(1, 1), u), v)
}

// at3 is the noise in space; the third axis is mostly used as time.
func (n *noise) at3(x, y, z float64) float64 {
	fx, fy, fz := math.Floor(x), math.Floor(y), math.Floor(z)
	ix, iy, iz := int(fx)&255, int(fy)&255, int(fz)&255
	x, y, z = x-fx, y-fy, z-fz
	corner := func(dx, dy, dz int) float64 {
		a := int(n.perm[ix+dx]) + iy + dy
		b := int(n.perm[a&255]) + iz + dz
		return gradient3(n.perm[b&255], x-float64(dx), y-float64(dy), z-float64(dz))
	}
	u, v, w := fade(x), fade(y), fade(z)
	near := lerp(lerp(corner(0, 0, 0), corner(1, 0, 0), u), lerp(corner(0, 1, 0), corner(1, 1, 0), u), v)
	far := lerp(lerp(corner(0, 0, 1), corner(1, 0, 1), u), lerp(corner(0, 1, 1), corner(1, 1, 1), u), v)
	return lerp(near, far, w)
}

// gradient3 is the dot product with one of the twelve edge directions of a cube.
func gradient3(hash uint8, x, y, z float64) float64 {
	h := hash & 15
	u, v := y, z
	if h < 8 {
		u = x
	}
	if h < 4 {
		v = y
	} else if h == 12 || h == 14 {
		v = x
	}
	if h&1 != 0 {
		u = -u
	}
	if h&2 != 0 {
		v = -v
	}
	return u + v
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
