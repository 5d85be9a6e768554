package runtime

// cropped is a layer's map of the whole picture and the part of it for the piece at
// hand.
type cropped struct {
	layer int
	whole grid
	part  grid
}

// newCropped makes room for the parts of crops as large as this one.
func (i *Info) newCropped(layer int, whole grid, crop area) cropped {
	planes := len(whole.values) / whole.size()
	return cropped{layer, whole, newGrid(i.featuresOf(layer, crop), planes)}
}

// take brings the part to a crop.
func (c *cropped) take(info *Info, crop area) {
	c.part.area = info.featuresOf(c.layer, crop)
	paste(c.part, c.whole, c.part.area)
}

// put puts what a piece owns of the part into the whole.
func (c *cropped) put(info *Info, p piece, picture area) {
	c.part.area = info.featuresOf(c.layer, p.crop)
	paste(c.whole, c.part, info.owned(c.layer, p.owned, picture))
}
