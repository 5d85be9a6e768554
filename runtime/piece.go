package runtime

import "math"

// piece is a part of a picture that is evaluated by itself. The owned areas of
// all pieces cover the picture once. Around each lies its crop, so large that in
// the owned area comes out what would in the whole picture. All crops have the same
// size, and start at multiples of the network's strides, so that pixels fall into
// the same windows as in the whole picture.
type piece struct{ owned, crop area }

// purpose is what pieces are made for: the features, or the gradient, of the layers
// up to some layer.
type purpose struct {
	stride int
	halo   int // that the owned area needs around it, a multiple of stride
}

// forFeatures are pieces that give the features of their owned areas.
func (i *Info) forFeatures(deepest int) purpose {
	stride := i.Layers[deepest].grid()
	return purpose{stride, roundUp(i.reach(deepest), stride)}
}

// forGradient are pieces that give the gradient of their owned areas: all features
// that see an owned pixel must be right, and so all that these see be there.
func (i *Info) forGradient(deepest int) purpose {
	stride := i.Layers[deepest].grid()
	return purpose{stride, roundUp(i.Layers[deepest].ReceptiveField-1, stride)}
}

// aligned are pieces of the purpose that begin with a square of features that is
// averaged, too.
func (p purpose) aligned(l Layer, average int) purpose {
	stride := leastCommonMultiple(p.stride, l.Stride*average)
	return purpose{stride, roundUp(p.halo, stride)}
}

func leastCommonMultiple(a, b int) int {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}

// reach is how far the features at an area of pixels see beyond it, to whichever
// side that is farther. Convolutions that keep the size, which the layers' windows
// do not tell of, are taken to be centred.
func (i *Info) reach(deepest int) int {
	before, stride, field := 0, 1, 1
	for _, l := range i.Layers[:deepest+1] {
		window := (l.Window.Kernel - 1) * stride
		before += l.Window.Pad*stride + (l.ReceptiveField-field-window+1)/2
		field, stride = l.ReceptiveField, l.Stride
	}
	return max(before, field-stride-before)
}

// divide divides a picture of height x width into pieces whose crops have at most
// most pixels each, or the least that there can be if that is more, and together as
// few as possible.
func (p purpose) divide(height, width, most int) (rows, columns division) {
	most = max(most, p.least(height, width))
	fewest := math.MaxInt
	across := p.divisions(width)
	for _, r := range p.divisions(height) {
		for _, c := range across {
			size := r.crop * c.crop
			if total := r.count * c.count * size; size <= most && total < fewest {
				fewest, rows, columns = total, r, c
			}
		}
	}
	return rows, columns
}

// least is how many pixels the smallest crops have.
func (p purpose) least(height, width int) int {
	return p.shortest(height).crop * p.shortest(width).crop
}

// extractPiece is how many pixels Extract evaluates at once, at most: it takes no
// more memory than that for a picture of any size, and is no slower.
const extractPiece = 1 << 20

// featuresPiece is how many pixels Features and MatchFeatures evaluate at once of a larger
// picture than that: many layers of one would take as much memory as their results.
const featuresPiece = 1 << 18

// division divides a side into count crops of the same length. Where two crops meet,
// both reach a halo beyond the boundary of what they own.
type division struct {
	length int
	stride int // of the starts of the crops, all multiples of it
	halo   int // a multiple of stride
	crop   int // multiples of stride away from length, so that the last one ends there
	count  int
}

// divisions are the ways to divide a side, each with the shortest crops for their
// number, from the shortest crops to a single one.
func (p purpose) divisions(length int) []division {
	c := p.shortest(length)
	var list []division
	for ; c.crop < length; c.crop += c.stride {
		c.count = 1 + roundUp(length-c.crop, c.own())/c.own()
		if len(list) == 0 || c.count < list[len(list)-1].count {
			list = append(list, c)
		}
	}
	c.crop, c.count = length, 1
	return append(list, c)
}

// shortest is a division whose crops own a stride between their halos, and how many there
// are is open; or the whole side if that is shorter.
func (p purpose) shortest(length int) division {
	c := division{length: length, stride: p.stride, halo: p.halo}
	c.crop = min(length, 2*c.halo+c.stride+length%c.stride)
	return c
}

// own is how far the starts of two neighbouring crops may be apart: what a crop
// between two others can own at most.
func (d division) own() int { return (d.crop - 2*d.halo) / d.stride * d.stride }

// start is where a crop starts; the starts are as even as the stride allows.
func (d division) start(n int) int {
	if n == 0 {
		return 0
	}
	return n * ((d.length - d.crop) / d.stride) / (d.count - 1) * d.stride
}

func (d division) cropped(n int) span { return span{d.start(n), d.start(n) + d.crop} }

// owned begins a halo behind the crop's start and ends a halo behind the start of
// the next crop, but for the ends of the side.
func (d division) owned(n int) span {
	s := span{0, d.length}
	if n > 0 {
		s.from = d.start(n) + d.halo
	}
	if n < d.count-1 {
		s.to = d.start(n+1) + d.halo
	}
	return s
}

// cross makes pieces of the divisions of both sides, row by row.
func cross(rows, columns division) []piece {
	var list []piece
	for r := range rows.count {
		for c := range columns.count {
			list = append(list, piece{area{rows.owned(r), columns.owned(c)}, area{rows.cropped(r), columns.cropped(c)}})
		}
	}
	return list
}

func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }

// averagesOf is where the means of squares of features of a crop, or of the whole
// picture, lie in the picture's map of them. The crop must begin with a square.
func (i *Info) averagesOf(layer, average int, crop area) area {
	h, w := i.FeatureSize(layer, crop.height(), crop.width())
	h, w = h/average, w/average
	stride := i.Layers[layer].Stride * average
	row, column := crop.rows.from/stride, crop.columns.from/stride
	return area{span{row, row + h}, span{column, column + w}}
}

// featuresOf is where the features of a crop, or of the whole picture, lie in the
// picture's map of them.
func (i *Info) featuresOf(layer int, crop area) area {
	return i.averagesOf(layer, 1, crop)
}

// owned is where the features lie that belong to an owned area of pixels: those
// at its own places. Features behind the last whole stride of the picture belong
// to the area that ends where the picture does.
func (i *Info) owned(layer int, owned, picture area) area {
	return i.ownedAverages(layer, 1, owned, picture)
}

// ownedAverages is owned of means of squares of features.
func (i *Info) ownedAverages(layer, average int, owned, picture area) area {
	all := i.averagesOf(layer, average, picture)
	stride := i.Layers[layer].Stride * average
	shrink := func(s, side, features span) span {
		if s.to == side.to {
			return span{s.from / stride, features.to}
		}
		return span{s.from / stride, s.to / stride}
	}
	return area{shrink(owned.rows, picture.rows, all.rows), shrink(owned.columns, picture.columns, all.columns)}
}
