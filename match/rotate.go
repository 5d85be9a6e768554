package match

import "zellige/runtime"

// Turns is how many pictures a style is: itself and, if asked for, its rotations by 90,
// 180 and 270 degrees. Strokes that a painting has in one direction only are there in all
// four, and each has as many positions.
func Turns(rotations bool) int {
	if rotations {
		return 4
	}
	return 1
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
