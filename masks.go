package zellige

import (
	"image"
	"slices"

	"zellige/picture"
)

// masked reports whether a style is not everywhere.
func (w *work) masked() bool {
	return slices.ContainsFunc(w.styles, func(s styleWork) bool { return s.mask != nil })
}

// masks are where the styles are painted, by style, at the size of a layer's
// features or of the picture, [height*width] in 0..1.
func (w *work) masks(height, width int) [][]float32 {
	rest := slices.Repeat([]float32{1}, height*width)
	all := make([][]float32, len(w.styles))
	for k, s := range w.styles {
		if s.mask == nil {
			all[k] = rest // once it is
			continue
		}
		all[k] = maskAt(s.mask, height, width)
		for i, v := range all[k] {
			rest[i] = max(0, rest[i]-v)
		}
	}
	return all
}

// checkRest refuses masks that leave nothing to a style that has none.
func (j *job) checkRest() error {
	w := &work{}
	w.width, w.height = picture.Size(j.options.ImageSize, j.shape.X, j.shape.Y)
	for _, s := range j.styles {
		w.styles = append(w.styles, styleWork{mask: s.Mask})
	}
	i := slices.IndexFunc(w.styles, func(s styleWork) bool { return s.mask == nil })
	if i < 0 || !w.masked() || slices.Max(w.masks(w.height, w.width)[i]) > leastGrey {
		return nil
	}
	return &OptionError{Field: "mask", Reason: "leaves nothing to a style without a mask; give it one, or leave the style out"}
}

// leastGrey is what two masks that complete each other may leave by rounding.
const leastGrey = 0.5 / 255

// maskAt is a mask at a size, [height*width] in 0..1: its grey is the mean of red,
// green and blue.
func maskAt(mask image.Image, height, width int) []float32 {
	values := make([]float32, height*width)
	rgb := picture.ToTensor(picture.Resize(mask, width, height), [3]float32{}, [3]float32{1, 1, 1})
	for i := range values {
		values[i] = (rgb[i] + rgb[len(values)+i] + rgb[2*len(values)+i]) / 3
	}
	return values
}
