package main

import "math"

// rgb is a colour in linear light, 1 being display white. Light adds up linearly, so everything is
// computed in this space and encoded to sRGB only at the very end.
type rgb struct{ r, g, b float64 }

func (c rgb) add(d rgb) rgb       { return rgb{c.r + d.r, c.g + d.g, c.b + d.b} }
func (c rgb) mul(d rgb) rgb       { return rgb{c.r * d.r, c.g * d.g, c.b * d.b} }
func (c rgb) scale(k float64) rgb { return rgb{c.r * k, c.g * k, c.b * k} }

// mix goes from a (t = 0) to b (t = 1).
func mix(a, b rgb, t float64) rgb { return a.scale(1 - t).add(b.scale(t)) }

// luma is the luminance of c (Rec. 709 weights).
func (c rgb) luma() float64 { return 0.2126*c.r + 0.7152*c.g + 0.0722*c.b }

// saturate moves c away from its own grey (k > 1) or towards it (k < 1).
func (c rgb) saturate(k float64) rgb {
	grey := c.luma()
	return rgb{
		max(0, grey+(c.r-grey)*k),
		max(0, grey+(c.g-grey)*k),
		max(0, grey+(c.b-grey)*k),
	}
}

// srgb reads a colour the way it is written in a paint box: 0xRRGGBB in sRGB.
func srgb(hex uint32) rgb {
	channel := func(shift uint) float64 { return decodeSRGB(float64(hex>>shift&0xff) / 255) }
	return rgb{channel(16), channel(8), channel(0)}
}

func decodeSRGB(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// encodeSRGB turns linear light into a byte, clipping what the display cannot show.
func encodeSRGB(v float64) uint8 {
	v = clamp01(v)
	if v <= 0.0031308 {
		return uint8(v*12.92*255 + 0.5)
	}
	return uint8((1.055*math.Pow(v, 1/2.4)-0.055)*255 + 0.5)
}

// ramp is a row of colours spread evenly over [0,1].
type ramp []rgb

func paints(hexes ...uint32) ramp {
	var p ramp
	for _, h := range hexes {
		p = append(p, srgb(h))
	}
	return p
}

// at interpolates the ramp at t, clamped to its ends.
func (p ramp) at(t float64) rgb {
	f := clamp01(t) * float64(len(p)-1)
	i := min(int(f), len(p)-2)
	return mix(p[i], p[i+1], f-float64(i))
}

func clamp01(v float64) float64 { return min(1, max(0, v)) }

// smoothstep rises from 0 at a to 1 at b with flat ends.
func smoothstep(a, b, v float64) float64 {
	t := clamp01((v - a) / (b - a))
	return t * t * (3 - 2*t)
}

func lerp(a, b, t float64) float64 { return a + (b-a)*t }
