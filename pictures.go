package zellige

import (
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"zellige/internal/once"
	"zellige/picture"
)

// Pictures are what a picture is painted from.
type Pictures struct {
	Content image.Image // what is shown
	// Alpha is the opacity of the content, as [picture.File] has it, which the result
	// gets with KeepAlpha; nil if it is opaque.
	Alpha  *image.Alpha16
	Style  image.Image // how it is painted; nil if no style is asked for
	Styles []Style     // several styles, beside or instead of Style
	Init   image.Image // where to start, with InitImage
	// Kept keeps what is found in the styles for the next picture that is painted with them
	// and the same options; nil keeps nothing. It holds up to some 250 MB, which forecasts count.
	Kept *Kept
}

// Kept is for [Pictures.Kept]; its zero value is ready. With other styles or sizes it grows.
type Kept = once.Answers

// PictureError says which of the pictures cannot be worked with: "content", "init" or
// "image", or the [Role] of a "style" or a "mask".
type PictureError = picture.UnusableError

// Style is one of several styles.
type Style struct {
	Image  image.Image
	Weight float64 // its share of all styles' weights, at least 0
	// Mask, if not nil, says where in the result the style is painted: white where
	// it is, black where not, grey between. It must have the shape of the result.
	// A style without a mask takes what the masks of the others leave, which is
	// everything if there are none.
	Mask image.Image
}

// Role is what one of several pictures is called in errors and recipes: style,
// style_2, style_3. The first has the number 0.
func Role(kind string, number int) string {
	if number == 0 {
		return kind
	}
	return fmt.Sprintf("%s_%d", kind, number+1)
}

// RoleKind is the kind of a [Role]: style of style_2.
func RoleKind(role string) string {
	kind, _, _ := strings.Cut(role, "_")
	return kind
}

// CheckBlend checks the weights of so many styles; none are equal weights. The
// error is an *[OptionError].
func CheckBlend(weights []float64, styles int) error {
	if len(weights) == 0 {
		return nil
	}
	if len(weights) != styles {
		return &OptionError{Option: "Styles.Weight", Reason: fmt.Sprintf("has %d weights for %d styles; give one weight for each style", len(weights), styles)}
	}
	for _, w := range weights {
		if !(w >= 0) || w > math.MaxFloat32 {
			return &OptionError{Option: "Styles.Weight", Reason: fmt.Sprintf("has the weight %g, must be 0 to %.2g", w, math.MaxFloat32)}
		}
	}
	if slices.Max(weights) == 0 {
		return &OptionError{Option: "Styles.Weight", Reason: "has only weights of 0; at least one must be more"}
	}
	return nil
}

// allStyles are the styles with weights that add up to 1; those of weight 0 are
// left out. Shape is that of the result.
func (p *Pictures) allStyles(shape image.Point) ([]Style, error) {
	all := p.styles()
	var weights []float64
	for i, s := range all {
		if s.Image == nil {
			return nil, &PictureError{Picture: Role("style", i), Reason: "is missing"}
		}
		if _, _, err := picture.WorkingSize(Role("style", i), s.Image, MinSize); err != nil {
			return nil, err
		}
		if err := checkMask(i, s.Mask, shape); err != nil {
			return nil, err
		}
		weights = append(weights, s.Weight)
	}
	if err := CheckBlend(weights, len(all)); err != nil {
		return nil, err
	}
	return shares(all), nil
}

// styles are the styles as they were given.
func (p *Pictures) styles() (all []Style) {
	if p.Style != nil {
		all = append(all, Style{Image: p.Style, Weight: 1})
	}
	return append(all, p.Styles...)
}

// shares returns the styles that have a weight, with weights that add up to 1.
func shares(styles []Style) []Style {
	total := 0.0
	for _, s := range styles {
		total += s.Weight
	}
	var used []Style
	for _, s := range styles {
		if s.Weight > 0 {
			s.Weight /= total
			used = append(used, s)
		}
	}
	return used
}

// checkMask refuses a mask that has not the shape of the result or hides all.
func checkMask(style int, mask image.Image, shape image.Point) error {
	if mask == nil {
		return nil
	}
	if err := picture.CheckShape(Role("mask", style), mask, "result", shape); err != nil {
		return err
	}
	if isBlack(mask) {
		return &PictureError{Picture: Role("mask", style), Reason: "is all black; paint white where its style shall be"}
	}
	return nil
}

func isBlack(img image.Image) bool {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if red, green, blue, _ := img.At(x, y).RGBA(); red|green|blue != 0 {
				return false
			}
		}
	}
	return true
}

// checkEvaluated checks the image and that it has the shape of the content, if there
// is one; the two may have been rounded from different sizes.
func checkEvaluated(img, content image.Image, size int) error {
	imgHeight, imgWidth, err := picture.WorkingSize("image", img, size)
	if err != nil || content == nil {
		return err
	}
	height, width, err := picture.WorkingSize("content", content, size)
	if err == nil && !picture.SameShape(img.Bounds().Size(), image.Pt(width, height)) {
		err = &PictureError{Picture: "content", Reason: fmt.Sprintf("is %dx%d at image size %d, but the image is %dx%d; they must have the same shape",
			width, height, size, imgWidth, imgHeight)}
	}
	return err
}

// checkInit refuses a picture to start from that has not the shape of the content.
func (p *Plan) checkInit() error {
	if p.Options.Init != InitImage {
		return nil
	}
	if p.Pictures.Init == nil {
		return &PictureError{Picture: "init", Reason: "is missing"}
	}
	if _, _, err := picture.WorkingSize("init", p.Pictures.Init, p.Options.ImageSize); err != nil {
		return err
	}
	return picture.CheckShape("init", p.Pictures.Init, "content", p.shape)
}
