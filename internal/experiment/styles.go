package experiment

import (
	"fmt"
	"image"
	"slices"

	"zellige"
)

// CheckStyles checks how many masks and weights there are for so many styles, and
// the weights. The error is an *[zellige.OptionError].
func CheckStyles(styles, masks int, blend []float64) error {
	if masks > styles {
		return &zellige.OptionError{Field: keyMask, Reason: fmt.Sprintf("has %d pictures for %d styles; the first mask is that of the first style, and so on", masks, styles)}
	}
	return zellige.CheckBlend(blend, styles)
}

// shares are the weights of the styles; nil if they are equal, however they are
// written, so that they are the same recipe.
func (r *Run) shares() []float64 {
	equal := func(w float64) bool { return w == r.Blend[0] }
	if len(r.Blend) == 0 || !slices.ContainsFunc(r.Blend, func(w float64) bool { return !equal(w) }) {
		return nil
	}
	return r.Blend
}

// styles puts pictures by their roles together.
func (r *Run) styles(images map[string]image.Image) []zellige.Style {
	var styles []zellige.Style
	for i, weights := 0, r.shares(); images[zellige.Role(keyStyle, i)] != nil; i++ {
		s := zellige.Style{Image: images[zellige.Role(keyStyle, i)], Mask: images[zellige.Role(keyMask, i)], Weight: 1}
		if weights != nil {
			s.Weight = weights[i]
		}
		styles = append(styles, s)
	}
	return styles
}
