package main

import "math"

// depthInside is the distance from p to the outline, positive inside and negative outside. The outline may have
// concave corners.
func depthInside(outline []vec, p vec) float64 {
	nearest, inside := math.Inf(1), false
	previous := outline[len(outline)-1]
	for _, corner := range outline {
		edge, rel := corner.sub(previous), p.sub(previous)
		t := clamp01(rel.dot(edge) / edge.dot(edge))
		gap := rel.sub(edge.scale(t))
		nearest = min(nearest, gap.dot(gap))
		// A ray to the right crosses the outline an odd number of times from inside.
		if (previous.y > p.y) != (corner.y > p.y) && rel.x < rel.y*edge.x/edge.y {
			inside = !inside
		}
		previous = corner
	}
	if inside {
		return math.Sqrt(nearest)
	}
	return -math.Sqrt(nearest)
}

// centroid is the mean of the corners.
func centroid(outline []vec) vec {
	var sum vec
	for _, p := range outline {
		sum = sum.add(p)
	}
	return sum.scale(1 / float64(len(outline)))
}

// reach is the largest distance of a corner from c.
func reach(outline []vec, c vec) float64 {
	far := 0.0
	for _, p := range outline {
		far = max(far, p.sub(c).length())
	}
	return far
}
