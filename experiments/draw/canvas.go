package main

import (
	"image"
	"image/color"
)

// referenceWidth is the width that all lengths are thought for: a drawing of another width shows the
// same picture, larger or smaller.
const referenceWidth = 768

// canvas is a picture in linear light, [h*w] row by row.
type canvas struct {
	w, h int
	pix  []rgb
}

func newCanvas(w, h int) *canvas { return &canvas{w, h, make([]rgb, w*h)} }

func (c *canvas) at(x, y int) *rgb { return &c.pix[y*c.w+x] }

// shrink averages k*k pixels to one: the anti-aliasing of everything drawn k times too large.
func (c *canvas) shrink(k int) *canvas {
	small := newCanvas(c.w/k, c.h/k)
	eachRow(small.h, func(y int) {
		for x := range small.w {
			*small.at(x, y) = c.blockMean(x*k, y*k, k)
		}
	})
	return small
}

func (c *canvas) blockMean(x0, y0, k int) rgb {
	var sum rgb
	for y := y0; y < y0+k; y++ {
		for x := x0; x < x0+k; x++ {
			sum = sum.add(*c.at(x, y))
		}
	}
	return sum.scale(1 / float64(k*k))
}

// blurred is c under a soft lens: three box filters are close to a Gaussian of standard deviation radius.
func (c *canvas) blurred(radius int) *canvas {
	out := newCanvas(c.w, c.h)
	channels := [3]func(*rgb) *float64{
		func(p *rgb) *float64 { return &p.r },
		func(p *rgb) *float64 { return &p.g },
		func(p *rgb) *float64 { return &p.b },
	}
	for _, channel := range channels {
		f := newField(c.w, c.h)
		for i := range c.pix {
			f.v[i] = *channel(&c.pix[i])
		}
		for i, v := range f.blurred(radius).v {
			*channel(&out.pix[i]) = v
		}
	}
	return out
}

// image encodes the canvas to 8-bit sRGB.
func (c *canvas) image() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, c.w, c.h))
	eachRow(c.h, func(y int) {
		for x := range c.w {
			p := c.at(x, y)
			img.SetNRGBA(x, y, color.NRGBA{encodeSRGB(p.r), encodeSRGB(p.g), encodeSRGB(p.b), 255})
		}
	})
	return img
}
