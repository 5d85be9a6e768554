package main

import "math"

// The star-and-cross pattern.
//
// A square of half-diagonal R and the same square turned by an eighth of a turn make an eight-pointed star.
// Laid out on a square grid of pitch 2R, four stars touch with their tips, and what they leave free is a cross
// with pointed arms. Both are cut further, along lines that the same stars give:
//
//   - joining each tip of the star with the third next one makes a sharper star within it. Its lines cut the
//     star into a small eight-pointed star at the centre, eight kites and eight darts between the kites;
//   - the concave corners of the cross lie on a circle of radius (sqrt2-1)R around its centre. The eight-pointed
//     star of that radius is the heart of the cross and leaves four arms.
//
// All points are on the sixteen rays of polar, on these circles (for R = 1):
var (
	notchRadius     = math.Cos(math.Pi/4) / math.Cos(math.Pi/8)   // concave corners of the star
	innerTipRadius  = math.Cos(3*math.Pi/8) / math.Cos(math.Pi/4) // tips of the small star
	innerDentRadius = math.Cos(3*math.Pi/8) / math.Cos(math.Pi/8) // its concave corners
	heartRadius     = math.Sqrt2 - 1                              // tips of the cross's heart
)

// role says which piece of the pattern a tile is; its glaze depends on it.
type role int

const (
	centre role = iota
	kite
	dart
	heart
	arm
)

// piece is one tile as the pattern wants it, before a hand has cut it.
type piece struct {
	role     role
	col, row int // the star's or cross's place in the grid
	outline  []vec
}

// starAndCross covers a square of the given number of stars per side, side pixels wide, and a little more:
// the crosses centred on its border are whole.
func starAndCross(starsPerSide int, side float64) []piece {
	pitch := side / float64(starsPerSide)
	var pieces []piece
	for row := range starsPerSide + 1 {
		for col := range starsPerSide + 1 {
			corner := vec{float64(col) * pitch, float64(row) * pitch}
			middle := corner.add(vec{pitch / 2, pitch / 2})
			for _, p := range append(star(middle, pitch/2), cross(corner, pitch/2)...) {
				p.col, p.row = col, row
				pieces = append(pieces, p)
			}
		}
	}
	return pieces
}

// star cuts the eight-pointed star of radius r around c into 17 pieces.
func star(c vec, r float64) []piece {
	tip := func(k int) vec { return polar(c, r, 2*k) }
	notch := func(k int) vec { return polar(c, r*notchRadius, 2*k+1) }
	innerTip := func(k int) vec { return polar(c, r*innerTipRadius, 2*k+1) }
	innerDent := func(k int) vec { return polar(c, r*innerDentRadius, 2*k) }

	small := piece{role: centre}
	pieces := []piece{}
	for k := range 8 {
		small.outline = append(small.outline, innerDent(k), innerTip(k))
		pieces = append(pieces,
			piece{role: kite, outline: []vec{tip(k), innerTip(k), innerDent(k), innerTip(k - 1)}},
			piece{role: dart, outline: []vec{tip(k), notch(k), tip(k + 1), innerTip(k)}})
	}
	return append(pieces, small)
}

// cross cuts the cross around c, between four stars of radius r, into 5 pieces.
func cross(c vec, r float64) []piece {
	heartTip := func(k int) vec { return polar(c, r*heartRadius, 2*k) }
	heartDent := func(k int) vec { return polar(c, r*heartRadius*notchRadius, 2*k+1) }

	middle := piece{role: heart}
	for k := range 8 {
		middle.outline = append(middle.outline, heartTip(k), heartDent(k))
	}
	pieces := []piece{middle}
	for k := range 4 {
		// Written for the arm along +x, then turned by k quarters.
		along := func(x, y float64) vec { return c.add(vec{x * r, y * r}.rotate(float64(k) * math.Pi / 2)) }
		half, shoulder := 1-math.Sqrt2/2, math.Sqrt2/2
		pieces = append(pieces, piece{role: arm, outline: []vec{
			heartTip(2*k - 1), along(shoulder, -half), along(1, 0), along(shoulder, half), heartTip(2*k + 1),
			heartDent(2 * k), heartTip(2 * k), heartDent(2*k - 1),
		}})
	}
	return pieces
}
