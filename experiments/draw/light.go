package main

import "math"

// The room: a warm sun from the upper left, blue sky light from everywhere, and a window whose reflection
// runs over the glaze.
var (
	sun      = vec3{-0.46, -0.58, 0.67}.unit()
	sunLight = srgb(0xfff1d8).scale(0.95)
	skyLight = srgb(0xc4d6f2).scale(0.42)
	window   = srgb(0xfffaf0).scale(0.85)
)

type vec3 struct{ x, y, z float64 }

func (a vec3) dot(b vec3) float64 { return a.x*b.x + a.y*b.y + a.z*b.z }

func (a vec3) unit() vec3 {
	k := 1 / math.Sqrt(a.dot(a))
	return vec3{a.x * k, a.y * k, a.z * k}
}

// lit is the wall as the eye sees it.
func (w *wall) lit() *canvas {
	n := w.height.w
	around := w.height.blurred(int(2.2 * w.scale))
	out := newCanvas(n, n)
	eachRow(n, func(y int) {
		for x := range n {
			i := y*n + x
			slope := w.height.slope(x, y).scale(w.scale)
			normal := vec3{-slope.x, -slope.y, 1}.unit()
			// A sample lower than its surroundings sees less of the sky.
			open := 1 / (1 + 0.32*max(0, around.v[i]-w.height.v[i]))
			out.pix[i] = shade(w.paint.pix[i], normal, open, w.gloss.v[i])
		}
	})
	return out
}

// shade lights one sample: a matte part coloured by the paint and a mirror part of the light's own colour.
func shade(paint rgb, normal vec3, open, gloss float64) rgb {
	facing := max(0, normal.dot(sun))
	matte := paint.mul(sunLight.scale(facing * open).add(skyLight.scale(open)))
	if gloss == 0 {
		return matte
	}
	mirror := vec3{2 * normal.z * normal.x, 2 * normal.z * normal.y, 2*normal.z*normal.z - 1}
	pane := smoothstep(0.17, 0.05, math.Abs(mirror.x+0.15)) * smoothstep(0.2, 0.06, math.Abs(mirror.y+0.18))
	glint := math.Pow(max(0, mirror.dot(sun)), 60)
	return matte.add(window.scale(gloss * (0.42*pane + 1.6*glint)))
}
