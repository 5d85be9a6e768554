package main

import "math"

// stroke is one pull of a flat brush.
type stroke struct {
	path  []vec
	half  []float64 // half width at each point of path
	color rgb
	body  float64 // how thick the paint is
	seed  float64 // which bristles
}

// easel is a canvas being painted on: the paint and its relief, scale samples to a reference pixel.
type easel struct {
	scale    float64
	paint    *canvas
	relief   *field
	bristles *noise
}

// stripHeight is how many rows one worker paints: strokes must lie in order, so the work is divided by place.
const stripHeight = 24

// lay paints the strokes, the last on top.
func (e *easel) lay(strokes []stroke) {
	strips := (e.paint.h + stripHeight - 1) / stripHeight
	eachRow(strips, func(i int) {
		top := i * stripHeight
		s := newStrip(e, top, min(top+stripHeight, e.paint.h))
		for k := range strokes {
			s.lay(&strokes[k])
		}
	})
}

// strip is a few rows of the easel and, for each of its samples, where it lies under the stroke in hand.
type strip struct {
	*easel
	top, bottom int
	under       []contact
	touched     []int // the samples under the stroke
}

// contact is a place under the brush: along in reference pixels from the start, across from -1 to 1.
type contact struct {
	along, across float64
	covered       bool
}

func newStrip(e *easel, top, bottom int) *strip {
	return &strip{easel: e, top: top, bottom: bottom, under: make([]contact, (bottom-top)*e.paint.w)}
}

func (s *strip) lay(k *stroke) {
	along := 0.0
	for i := 1; i < len(k.path); i++ {
		length := k.path[i].sub(k.path[i-1]).length()
		s.press(k, i, along, length)
		along += length
	}
	for _, i := range s.touched {
		s.smear(k, i, along)
		s.under[i].covered = false
	}
	s.touched = s.touched[:0]
}

// press notes the samples under the i-th segment of the stroke. A sample under two segments belongs to the one
// whose middle line is nearer.
func (s *strip) press(k *stroke, i int, along, length float64) {
	a, b := k.path[i-1].scale(s.scale), k.path[i].scale(s.scale)
	wide := max(k.half[i-1], k.half[i]) * s.scale
	y0 := max(s.top, int(min(a.y, b.y)-wide))
	y1 := min(s.bottom-1, int(max(a.y, b.y)+wide)+1)
	x0 := max(0, int(min(a.x, b.x)-wide))
	x1 := min(s.paint.w-1, int(max(a.x, b.x)+wide)+1)
	ab := b.sub(a)
	if length == 0 || y0 > y1 || x0 > x1 {
		return
	}
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			p := vec{float64(x) + 0.5, float64(y) + 0.5}.sub(a)
			t := clamp01(p.dot(ab) / ab.dot(ab))
			off := p.sub(ab.scale(t)).length() / (s.scale * lerp(k.half[i-1], k.half[i], t))
			if off > 1 {
				continue
			}
			s.note((y-s.top)*s.paint.w+x, contact{along + t*length, math.Copysign(off, ab.cross(p)), true})
		}
	}
}

func (s *strip) note(i int, c contact) {
	old := &s.under[i]
	if !old.covered {
		s.touched = append(s.touched, i)
	} else if math.Abs(old.across) <= math.Abs(c.across) {
		return
	}
	*old = c
}

// smear leaves paint on sample i: each bristle draws its own line, lighter or darker, higher or lower, and runs dry
// towards the end of the stroke.
func (s *strip) smear(k *stroke, i int, length float64) {
	c := s.under[i]
	hair := s.bristles.at2(c.across*4.2+k.seed, c.along/60+k.seed)
	fine := s.bristles.at2(c.across*9+k.seed, c.along/25-k.seed)
	edge := smoothstep(0, 0.6, 1-math.Abs(c.across)+0.15*hair)
	dry := smoothstep(0, 14, length-c.along+10*(hair+fine)) * smoothstep(0, 5, c.along+4*hair)
	cover := edge * dry
	at := s.top*s.paint.w + i
	// Bristles push paint aside: it stands up in a ridge along the rim.
	ridge := smoothstep(0.45, 0.75, math.Abs(c.across)) * smoothstep(1, 0.8, math.Abs(c.across))
	height := k.body * (0.8 + 0.55*hair + 0.3*fine + 0.5*ridge)
	color := k.color.scale(1 + 0.25*hair + 0.1*fine)
	s.paint.pix[at] = mix(s.paint.pix[at], color, cover)
	s.relief.v[at] = lerp(s.relief.v[at], 0.35*s.relief.v[at]+height, cover)
}

// lit is the dry painting under a raking light from the upper left.
func (e *easel) lit() *canvas {
	out := newCanvas(e.paint.w, e.paint.h)
	eachRow(out.h, func(y int) {
		for x := range out.w {
			slope := e.relief.slope(x, y).scale(e.scale)
			normal := vec3{-slope.x, -slope.y, 1}.unit()
			facing := max(0, normal.dot(sun)) / sun.z
			varnish := math.Pow(max(0, normal.dot(vec3{sun.x, sun.y, sun.z + 1}.unit())), 40)
			*out.at(x, y) = e.paint.at(x, y).scale(0.45 + 0.55*facing).add(rgb{1, 1, 1}.scale(0.05 * varnish))
		}
	})
	return out
}
