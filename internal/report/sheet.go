package report

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"zellige/picture"
)

// The measures of a contact sheet, in pixels.
const (
	sheetColumns = 6
	cellWidth    = 288
	cellHeight   = 216 // of the picture
	cellGap      = 16
	labelHeight  = 26
	titleHeight  = 52
	sheetMargin  = 32
	sheetWidth   = 2*sheetMargin + sheetColumns*cellWidth + (sheetColumns-1)*cellGap
)

var (
	sheetPaper = color.NRGBA{0xfb, 0xf9, 0xf4, 0xff}
	sheetInk   = color.NRGBA{0x1d, 0x24, 0x30, 0xff}
	sheetGlaze = color.NRGBA{0x0f, 0x6f, 0x74, 0xff}
)

// block is a titled part of a contact sheet.
type block struct {
	title string
	cells []exhibit
}

// ContactSheet draws all pictures with their labels: each run beside what it was
// painted from, each sweep in the order of its values. The error says if that would
// be too large for a picture. Pictures that cannot be read stay empty and are told
// in Warnings.
func (r *Report) ContactSheet() (image.Image, error) {
	blocks := r.blocks()
	height := 2 * sheetMargin
	for _, b := range blocks {
		height += b.height()
	}
	if height*sheetWidth > picture.MaxPixels {
		return nil, fmt.Errorf("a contact sheet of %d runs would have %d x %d pixels, more than %d; take a folder inside",
			len(r.Runs), sheetWidth, height, picture.MaxPixels)
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, sheetWidth, height))
	draw.Draw(canvas, canvas.Bounds(), image.NewUniform(sheetPaper), image.Point{}, draw.Src)
	y := sheetMargin
	for _, b := range blocks {
		r.drawBlock(canvas, b, y)
		y += b.height()
	}
	return canvas, r.ended
}

func (b block) height() int {
	rows := (len(b.cells) + sheetColumns - 1) / sheetColumns
	return titleHeight + rows*(cellHeight+labelHeight+cellGap)
}

// blocks are the runs of each section beside what they were painted from, and each
// sweep, in the order of the page.
func (r *Report) blocks() []block {
	var blocks []block
	section := ""
	for _, u := range r.units() {
		if u.Sweep != nil {
			blocks, section = append(blocks, block{titleOfUnit(u), u.exhibits()}), ""
			continue
		}
		if s := sectionOf(u.run); s != section {
			blocks, section = append(blocks, block{title: upperFirst(s)}), s
		}
		last := &blocks[len(blocks)-1]
		last.cells = append(last.cells, u.run.exhibits()...)
	}
	return blocks
}

// open reads the picture of an exhibit.
func (r *Report) open(e exhibit) (image.Image, error) {
	if e.role != "" {
		return r.sources.read(e.run, e.role)
	}
	return e.run.painted()
}

func (r *Report) drawBlock(canvas draw.Image, b block, top int) {
	titleFace.draw(canvas, b.title, sheetMargin, top+34, sheetWidth-2*sheetMargin, sheetInk)
	for i, c := range b.cells {
		x := sheetMargin + i%sheetColumns*(cellWidth+cellGap)
		y := top + titleHeight + i/sheetColumns*(cellHeight+labelHeight+cellGap)
		img, err := r.open(c)
		r.warn(err)
		if img != nil {
			drawCell(canvas, img, x, y, c.isReference)
		}
		ink := sheetInk
		if c.isReference {
			ink = sheetGlaze
		}
		labelFace.draw(canvas, c.label, x, y+cellHeight+19, cellWidth, ink)
	}
}

// drawCell fits a picture into its cell, above its label.
func drawCell(canvas draw.Image, img image.Image, x, y int, isReference bool) {
	b := img.Bounds()
	scale := min(float64(cellWidth)/float64(b.Dx()), float64(cellHeight)/float64(b.Dy()))
	w, h := max(1, int(float64(b.Dx())*scale)), max(1, int(float64(b.Dy())*scale))
	place := image.Rect(x, y+cellHeight-h, x+w, y+cellHeight)
	if isReference {
		draw.Draw(canvas, place.Inset(-4), image.NewUniform(sheetGlaze), image.Point{}, draw.Src)
		draw.Draw(canvas, place.Inset(-2), image.NewUniform(sheetPaper), image.Point{}, draw.Src)
	}
	draw.Draw(canvas, place, picture.Resize(img, w, h), image.Point{}, draw.Src)
}
