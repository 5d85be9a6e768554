package main

import "math"

// stream is the plan of the waves: a height whose level lines are the lines of the painting. Where it is steep
// they crowd together, where it is flat they swell, around its hills they close to whirls; they never cross.
type stream struct {
	swell  *noise
	whirls []whirl
}

// whirl is a hill (or a hollow) in the stream.
type whirl struct {
	at     vec
	radius float64
	height float64
}

// level is the height at p, in reference pixels: without swell and whirls it is p.y.
func (s *stream) level(p vec) float64 {
	warp := vec{s.swell.at2(p.x/230, p.y/170), s.swell.at2(p.x/230+40, p.y/170+70)}.scale(60)
	q := p.add(warp)
	l := p.y + 105*s.swell.at2(q.x/250+9, q.y/200) + 13*s.swell.at2(q.x/90, q.y/110+33)
	for _, w := range s.whirls {
		d := q.sub(w.at)
		l += w.height * math.Exp(-d.dot(d)/(w.radius*w.radius))
	}
	return l
}

// slope is the gradient of level.
func (s *stream) slope(p vec) vec {
	const h = 0.5
	return vec{
		s.level(vec{p.x + h, p.y}) - s.level(vec{p.x - h, p.y}),
		s.level(vec{p.x, p.y + h}) - s.level(vec{p.x, p.y - h}),
	}
}

// onto moves p to the nearest point of the given level (Newton's method along the slope).
func (s *stream) onto(p vec, level float64) vec {
	for range 3 {
		g := s.slope(p)
		step := (level - s.level(p)) / max(0.05, g.dot(g))
		p = p.add(g.scale(max(-12, min(12, step))))
	}
	return p
}

// follow walks along the level line of p for the given length, to the left or right of the slope, and returns the
// points on its way, about pace apart.
func (s *stream) follow(p vec, length, pace float64, side float64) []vec {
	level := s.level(p)
	var path []vec
	for walked := 0.0; walked < length; walked += pace {
		path = append(path, p)
		ahead := s.slope(p).perpendicular().unit().scale(side * pace)
		p = s.onto(p.add(ahead), level)
	}
	return path
}
