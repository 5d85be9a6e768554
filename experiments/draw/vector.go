package main

import "math"

// vec is a point or a direction in the plane, in reference pixels; y points down.
type vec struct{ x, y float64 }

func (a vec) add(b vec) vec       { return vec{a.x + b.x, a.y + b.y} }
func (a vec) sub(b vec) vec       { return vec{a.x - b.x, a.y - b.y} }
func (a vec) scale(k float64) vec { return vec{a.x * k, a.y * k} }
func (a vec) dot(b vec) float64   { return a.x*b.x + a.y*b.y }
func (a vec) cross(b vec) float64 { return a.x*b.y - a.y*b.x }
func (a vec) length() float64     { return math.Sqrt(a.dot(a)) }
func (a vec) perpendicular() vec  { return vec{-a.y, a.x} }
func (a vec) rotate(by float64) vec {
	s, c := math.Sincos(by)
	return vec{a.x*c - a.y*s, a.x*s + a.y*c}
}

// unit returns a with length 1, or zero when a has no direction.
func (a vec) unit() vec {
	l := a.length()
	if l == 0 {
		return vec{}
	}
	return a.scale(1 / l)
}

// polar is the point at radius r around c, sixteenths of a full turn from the x axis: everything
// with eight-fold symmetry has its points and its notches on these sixteen rays.
func polar(c vec, r float64, sixteenths int) vec {
	s, co := math.Sincos(float64(sixteenths) * math.Pi / 8)
	return vec{c.x + r*co, c.y + r*s}
}
