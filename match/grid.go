package match

import "zellige/runtime"

// grid is where a layer's features lie in the common grid of several layers.
type grid struct {
	layer, channels int
	height, width   int
	step            int // pixels from one position to the next
	factor          int // positions of the common grid for one of the layer, a power of 2
}

// gridsOf returns the grids of layers for an image of height x width, and the common
// grid, that of the finest layer.
func gridsOf(info *runtime.Info, layers []int, height, width int) (grids []grid, common grid) {
	finest := info.FinestMatch(layers)
	for _, l := range layers {
		g := grid{layer: l, channels: info.Layers[l].Channels, step: info.MatchStride(l), factor: info.MatchStride(l) / finest}
		g.height, g.width = info.MatchSize(l, height, width)
		if grids = append(grids, g); g.factor == 1 {
			common = g
		}
	}
	return grids, common
}

// positions of the grid.
func (g grid) positions() int { return g.height * g.width }

// reading says which two values of a row, or column, stand for a place between them.
type reading struct {
	left, right int
	part        float32 // of the right one
}

// enlarge reads n values at each of the places of a row factor times as long. Windows of three at
// every second place, as the pools of the network have, put value i at place
// factor*i + factor - 1.
func enlarge(n, factor, length int) []reading {
	return readings(n, length, func(j int) float64 { return float64(j-factor+1) / float64(factor) })
}

// readings reads n values at places between them, of which those outside count as the
// first or the last.
func readings(n, length int, place func(j int) float64) []reading {
	all := make([]reading, length)
	for j := range all {
		at := min(max(place(j), 0), float64(n-1))
		left := int(at)
		all[j] = reading{left, min(left+1, n-1), float32(at - float64(left))}
	}
	return all
}

// at reads a plane [.][width] at a place.
func at(plane []float32, width int, y, x reading) float32 {
	upper, lower := plane[y.left*width:], plane[y.right*width:]
	above := upper[x.left] + x.part*(upper[x.right]-upper[x.left])
	below := lower[x.left] + x.part*(lower[x.right]-lower[x.left])
	return above + y.part*(below-above)
}

// addEnlarged adds a plane of the grid to one of the common grid.
func (g grid) addEnlarged(to []float32, common grid, plane []float32) {
	columns := enlarge(g.width, g.factor, common.width)
	for y, row := range enlarge(g.height, g.factor, common.height) {
		line := to[y*common.width:][:common.width]
		for x := range line {
			line[x] += at(plane, g.width, row, columns[x])
		}
	}
}

// reduce averages a plane of the common grid to one of the grid, by windows of three
// at every second place, those that hang over the edge by what they have. It overwrites
// the plane. A network that counts otherwise, since it pads, has a row or a column more
// or less: the last is repeated or left out.
func (g grid) reduce(plane []float32, common grid) []float32 {
	all, height, width := make([]float32, g.positions()), common.height, common.width
	for f := g.factor; f > 1; f /= 2 {
		plane, height, width = halve(plane, height, width)
	}
	grid{height: height, width: width, factor: 1}.addEnlarged(all, g, plane)
	return all
}

// halve writes over values that it has read.
func halve(plane []float32, height, width int) (half []float32, halfHeight, halfWidth int) {
	halfHeight, halfWidth = halfOf(height), halfOf(width)
	half = plane[:halfHeight*halfWidth]
	for i := range half {
		half[i] = meanOf(plane, height, width, 2*(i/halfWidth), 2*(i%halfWidth), 3)
	}
	return half, halfHeight, halfWidth
}

// meanOf is the mean of what there is of a square of a plane, with its upper left corner
// at top and left.
func meanOf(plane []float32, height, width, top, left, side int) float32 {
	sum, n := float32(0), 0
	for y := max(top, 0); y < min(top+side, height); y++ {
		for x := max(left, 0); x < min(left+side, width); x++ {
			sum += plane[y*width+x]
			n++
		}
	}
	return sum / float32(n)
}

// halfOf is how many windows of three at every second place there are, the last of
// which may hang over.
func halfOf(n int) int { return max(1, (n-3+1)/2+1) }
