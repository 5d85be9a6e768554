package measure

// Detail is the share of the content's edges that a picture of its size has: the
// slope of the differences between neighbours, right and below, of the picture's luma
// over those of the content's. It is 1 for the content itself, less where it is
// blurred, and 0 if nothing of it is left, whatever edges or noise there are instead.
// If the content has no edges it is NaN.
func Detail(p, content Planes) float64 {
	own, original := p.luma(), content.luma()
	both, squared := 0.0, 0.0
	add := func(i, j int) {
		d := original[j] - original[i]
		both += d * (own[j] - own[i])
		squared += d * d
	}
	for i := range own {
		if i%p.Width+1 < p.Width {
			add(i, i+1)
		}
		if i+p.Width < len(own) {
			add(i, i+p.Width)
		}
	}
	return both / squared
}
