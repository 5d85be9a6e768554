package match

import (
	"iter"

	"zellige/runtime"
)

// turned yields the number and the picture of an image and, if asked for, of its rotations
// by 90, 180 and 270 degrees: strokes that a painting has in one direction only are there
// in all four.
func turned(image runtime.Image, rotations bool) iter.Seq2[int, runtime.Image] {
	return func(yield func(int, runtime.Image) bool) {
		for i := range turns(rotations) {
			if i > 0 {
				image = quarterTurn(image)
			}
			if !yield(i, image) {
				return
			}
		}
	}
}

// turns is how many pictures turned yields.
func turns(rotations bool) int {
	if rotations {
		return 4
	}
	return 1
}

// turnedSizes are how many values a map of each has, of which an image of height x width
// has positions(height, width).
func turnedSizes(height, width int, rotations bool, positions func(height, width int) int) []int {
	sizes := make([]int, turns(rotations))
	for i := range sizes {
		if sizes[i] = positions(height, width); i%2 == 1 {
			sizes[i] = positions(width, height)
		}
	}
	return sizes
}

// quarterTurn rotates an image by 90 degrees.
func quarterTurn(image runtime.Image) runtime.Image {
	t := runtime.Image{Height: image.Width, Width: image.Height, Pixels: make([]float32, len(image.Pixels))}
	plane := image.Height * image.Width
	for c := range 3 {
		from, to := image.Pixels[c*plane:][:plane], t.Pixels[c*plane:][:plane]
		for y := range image.Height {
			for x := range image.Width {
				to[(image.Width-1-x)*t.Width+y] = from[y*image.Width+x]
			}
		}
	}
	return t
}
