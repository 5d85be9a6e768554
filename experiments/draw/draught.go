package main

import "math"

// draught is the hot air over a fire: it rises faster and faster and carries eddies of several sizes along. Each size
// travels at its own speed, so that the same place is never the same twice.
//
// Its unit of time is what the air at the foot of the fire takes to rise by one reference pixel.
type draught struct{ eddies []eddy }

// eddy is one size of whirl. Its wind is the curl of a potential, so that it goes round and neither gathers nor
// thins the flames (Bridson et al., "Curl-Noise for Procedural Fluid Flow", 2007).
type eddy struct {
	size  float64 // in reference pixels
	speed float64 // at which it travels up
	winds []vec   // [eddySamples*eddySamples] over eddyPeriod units of the noise, which then repeats
}

const (
	eddyPeriod  = 32
	eddySamples = 8 * eddyPeriod
	eddyTall    = 1.6 // flames are drawn out upwards, and so are the eddies
)

func newDraught(seed uint64) *draught {
	return &draught{[]eddy{
		newEddy(seed, 190, 0.55, 0.50),
		newEddy(seed+1, 84, 0.50, 0.80),
		newEddy(seed+2, 38, 0.34, 1.15),
		newEddy(seed+3, 19, 0.15, 1.45),
	}}
}

func newEddy(seed uint64, size, strength, speed float64) eddy {
	potential := newNoise(seed)
	potential.mask = eddyPeriod - 1
	e := eddy{size, speed, make([]vec, eddySamples*eddySamples)}
	eachRow(eddySamples, func(row int) {
		for col := range eddySamples {
			const h = 0.02
			x, y := float64(col)/eddySamples*eddyPeriod, float64(row)/eddySamples*eddyPeriod
			dx := (potential.at2(x+h, y) - potential.at2(x-h, y)) / (2 * h)
			dy := (potential.at2(x, y+h) - potential.at2(x, y-h)) / (2 * h)
			e.winds[row*eddySamples+col] = vec{dy / eddyTall, -dx}.scale(strength)
		}
	})
	return e
}

// wind reads the table at p and time t, bilinearly.
func (e *eddy) wind(p vec, t float64) vec {
	x := p.x / e.size * (eddySamples / eddyPeriod)
	y := (p.y + e.speed*t) / (e.size * eddyTall) * (eddySamples / eddyPeriod)
	fx, fy := math.Floor(x), math.Floor(y)
	const mask = eddySamples - 1
	x0, y0 := int(fx)&mask, int(fy)&mask
	x1, y1 := (x0+1)&mask, (y0+1)&mask
	u, v := x-fx, y-fy
	a, b := &e.winds[y0*eddySamples+x0], &e.winds[y0*eddySamples+x1]
	c, d := &e.winds[y1*eddySamples+x0], &e.winds[y1*eddySamples+x1]
	return vec{
		(a.x*(1-u)+b.x*u)*(1-v) + (c.x*(1-u)+d.x*u)*v,
		(a.y*(1-u)+b.y*u)*(1-v) + (c.y*(1-u)+d.y*u)*v,
	}
}

// wind is the speed of the air at p and time t; near the foot the eddies are still small.
func (d *draught) wind(p vec, t float64) vec {
	height := (fireFoot - p.y) / fireHeight
	w := vec{0, -1 - 0.8*height}
	gust := 0.2 + 0.9*smoothstep(-0.05, 0.35, height)
	for i := range d.eddies {
		w = w.add(d.eddies[i].wind(p, t).scale(gust))
	}
	return w
}

// source is where a piece of gas left the foot of the fire, and how long ago.
type source struct{ x, age float64 }

// source walks back through the draught from p at time t. The pace must be short against the time that gas needs to
// cross the smallest eddy, or the edges of flames come out combed.
func (d *draught) source(p vec, t float64) source {
	const pace, oldest = 5.0, 600.0
	age := 0.0
	for age < oldest {
		step := d.wind(p, t-age).scale(-pace)
		if p.y+step.y >= fireFoot {
			last := (fireFoot - p.y) / step.y
			return source{p.x + last*step.x, age + last*pace}
		}
		p = p.add(step)
		age += pace
	}
	return source{p.x, oldest}
}
