package main

import "math"

const (
	fireSampling = 2 // samples per pixel and direction
	fireLayers   = 5 // flames one behind the other
	fireHeight   = referenceWidth * 3 / 4
	fireFoot     = fireHeight + 80 // where the gas comes from: out of sight, so that no line shows
	fireExposure = 1.65
)

// heat is the hue of the gas from barely glowing to its hottest: deep red, orange, yellow. The sums of several flames
// are what becomes white.
var heat = ramp{
	{1.0, 0.030, 0.002}, {1.0, 0.075, 0.004}, {1.0, 0.16, 0.010}, {1.0, 0.27, 0.026}, {1.0, 0.37, 0.055}, {1.0, 0.44, 0.09},
}

// drawFire photographs flames: for every sample it asks where and when the gas that is there now left the foot of
// the fire, and what burns at that place and age.
func drawFire(width int) *canvas {
	w, h := width*fireSampling, width*3/4*fireSampling
	light := newCanvas(w, h)
	air := newDraught(40)
	for i := range fireLayers {
		f := newFlame(uint64(i))
		m := mapSources(air, f.now, width)
		eachRow(h, func(y int) {
			for x := range w {
				p := vec{(float64(x) + 0.5) / fireSampling, (float64(y) + 0.5) / fireSampling}
				c := light.at(x, y)
				*c = c.add(f.glow(m.at(p)).scale(m.whole(p)))
			}
		})
	}
	throwSparks(light, air)
	return expose(light).shrink(fireSampling)
}

// sourceMap is the source of every pixel. Walking back is dear and a source changes little from pixel to pixel, so the
// samples in between are interpolated.
type sourceMap struct {
	x, age *field
	scale  float64 // pixels per reference pixel
}

func mapSources(air *draught, now float64, width int) sourceMap {
	h := width * 3 / 4
	scale := float64(width) / referenceWidth
	m := sourceMap{newField(width, h), newField(width, h), scale}
	eachRow(h, func(y int) {
		for x := range width {
			s := air.source(vec{(float64(x) + 0.5) / scale, (float64(y) + 0.5) / scale}, now)
			m.x.v[y*width+x], m.age.v[y*width+x] = s.x, s.age
		}
	})
	return m
}

func (m sourceMap) at(p vec) source { return source{m.x.between(p.x, p.y), m.age.between(p.x, p.y)} }

// whole says how much of a flame the shear has left at p: where neighbouring pixels hold gas from far apart,
// the sheets are torn and mixed with cold air.
func (m sourceMap) whole(p vec) float64 {
	x, y := int(p.x), int(p.y)
	tear := math.Hypot(m.x.slope(x, y).length(), 0.4*m.age.slope(x, y).length())
	return smoothstep(12, 3, tear*m.scale)
}

// flame is one of the layers. The draught is the same for all, each sees it at another time.
type flame struct {
	fuel *noise
	now  float64
}

func newFlame(i uint64) flame { return flame{newNoise(700 + i), 1000 + 170*float64(i)} }

// glow is the light of the gas from s. The fuel burns in tongues, places and times at the foot that last long; and in
// sheets and threads, which are brighter than what is between them.
func (f *flame) glow(s source) rgb {
	born := f.now - s.age
	tongue := f.fuel.at2(s.x/130, born/280) + 0.5*f.fuel.at2(s.x/48+7, born/120)
	life := fireHeight * (0.48 + 0.62*tongue)
	t := s.age / max(1, life)
	if t >= 1 {
		return rgb{}
	}
	sheet := ridge(f.fuel.at2(s.x/40+31, born/170))
	thread := ridge(f.fuel.at2(s.x/14+63, born/150))
	burning := smoothstep(1, 0.8, t) * math.Pow(1.05-0.8*t, 1.4)
	power := burning * (0.13 + 1.15*sheet + 0.6*thread*(0.15+sheet))
	return heat.at(power).scale(power)
}

// ridge is 1 where the noise passes zero and falls off quickly.
func ridge(v float64) float64 {
	k := max(0, 1-1.8*math.Abs(v))
	return k * k * k
}

// expose develops the film: a lens that glows around bright places, and a tone curve in which red saturates first, so
// that more and more of the same orange light becomes yellow and then white.
func expose(light *canvas) *canvas {
	scale := float64(light.w) / referenceWidth
	halo := light.blurred(max(1, int(6*scale)))
	far := light.blurred(max(1, int(45*scale)))
	out := newCanvas(light.w, light.h)
	for i := range out.pix {
		c := light.pix[i].scale(0.85).add(halo.pix[i].scale(0.15)).add(far.pix[i].scale(0.04)).scale(fireExposure)
		out.pix[i] = rgb{tone(c.r), tone(c.g), tone(c.b)}
	}
	return out
}

func tone(v float64) float64 { return 1 - math.Exp(-v) }
