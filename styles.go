package zellige

import (
	"fmt"
	"image"
	"math"
)

// Style is one of several styles.
type Style struct {
	Image  image.Image
	Weight float64 // its share of all styles' weights, at least 0
	// Mask, if not nil, says where in the result the style is painted: white where
	// it is, black where not, grey between. It must have the shape of the result.
	Mask image.Image
}

// allStyles are the styles with weights that add up to 1; those of weight 0 are
// left out. Shape is that of the result.
func (p *Pictures) allStyles(shape image.Point) ([]Style, error) {
	var all []Style
	if p.Style != nil {
		all = append(all, Style{Image: p.Style, Weight: 1})
	}
	all = append(all, p.Styles...)
	total := 0.0
	for i, s := range all {
		if s.Image == nil {
			return nil, &PictureError{"style", fmt.Sprintf("%d is missing", i+1)}
		}
		if !(s.Weight >= 0) || math.IsInf(s.Weight, 0) {
			return nil, &OptionError{Field: "style-blend", Reason: fmt.Sprintf("has the weight %g, must be 0 or more", s.Weight)}
		}
		total += s.Weight
	}
	if len(all) > 0 && total == 0 {
		return nil, &OptionError{Field: "style-blend", Reason: "has only weights of 0; at least one must be more"}
	}
	var used []Style
	for i, s := range all {
		if err := checkMask(i, s.Mask, shape); err != nil {
			return nil, err
		}
		if s.Weight > 0 {
			s.Weight /= total
			used = append(used, s)
		}
	}
	return used, nil
}

// checkMask refuses a mask that has not the shape of the result or hides all.
func checkMask(style int, mask image.Image, shape image.Point) error {
	if mask == nil {
		return nil
	}
	b := mask.Bounds()
	if !sameShape(mask, shape.Y, shape.X) {
		return &PictureError{"mask", fmt.Sprintf("%d is %dx%d pixels, which is not the shape of the result, %dx%d; crop it",
			style+1, b.Dx(), b.Dy(), shape.X, shape.Y)}
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if red, green, blue, _ := mask.At(x, y).RGBA(); red|green|blue != 0 {
				return nil
			}
		}
	}
	return &PictureError{"mask", fmt.Sprintf("%d is all black; paint white where style %d shall be", style+1, style+1)}
}
