package runtime

// span is a range along one side of a picture or a map of features: from is in
// it, to is not.
type span struct{ from, to int }

func (s span) length() int { return s.to - s.from }

// minus is the range counted from start.
func (s span) minus(start int) span { return span{s.from - start, s.to - start} }

// area is a rectangle of a picture or a map of features.
type area struct{ rows, columns span }

func whole(height, width int) area { return area{span{0, height}, span{0, width}} }

func (a area) height() int { return a.rows.length() }
func (a area) width() int  { return a.columns.length() }
func (a area) size() int   { return a.height() * a.width() }

// minus is the rectangle counted from the corner of another.
func (a area) minus(b area) area {
	return area{a.rows.minus(b.rows.from), a.columns.minus(b.columns.from)}
}

// grid is values with a value at each place of an area, plane after plane:
// [planes][height][width].
type grid struct {
	area
	values []float32
}

func newGrid(a area, planes int) grid { return grid{a, make([]float32, planes*a.size())} }

// at is the same values somewhere else.
func (g grid) at(a area) grid { return grid{a, g.values} }

// fill sets part, which a grid of one plane must hold, to v.
func (g grid) fill(part area, v float32) {
	part = part.minus(g.area)
	for row := part.rows.from; row < part.rows.to; row++ {
		line := g.values[row*g.width():]
		for column := part.columns.from; column < part.columns.to; column++ {
			line[column] = v
		}
	}
}

// squares is the sum of squared differences within part, which both must hold.
// They must be grids of the same area.
func squares(a, b grid, part area) float64 {
	part = part.minus(a.area)
	sum := 0.0
	for from := 0; from < len(a.values); from += a.size() {
		for row := part.rows.from; row < part.rows.to; row++ {
			line := from + row*a.width()
			for p := line + part.columns.from; p < line+part.columns.to; p++ {
				difference := float64(a.values[p]) - float64(b.values[p])
				sum += difference * difference
			}
		}
	}
	return sum
}

// paste copies what lies in part from one grid to another; both must hold part.
func paste(dst, src grid, part area) {
	in, out := part.minus(src.area), part.minus(dst.area)
	for plane := range len(src.values) / src.size() {
		from, to := src.values[plane*src.size():], dst.values[plane*dst.size():]
		for row := range part.height() {
			line := from[(in.rows.from+row)*src.width()+in.columns.from:][:part.width()]
			copy(to[(out.rows.from+row)*dst.width()+out.columns.from:], line)
		}
	}
}
