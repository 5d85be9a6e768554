package match

import "zellige/runtime"

// turned are the image and, if asked for, its rotations by 90, 180 and 270 degrees:
// strokes that a painting has in one direction only are there in all four.
func turned(image runtime.Image, rotations bool) []runtime.Image {
	all := []runtime.Image{image}
	for rotations && len(all) < 4 {
		all = append(all, quarterTurn(all[len(all)-1]))
	}
	return all
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
