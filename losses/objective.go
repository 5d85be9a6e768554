package losses

import (
	"fmt"
	"math"
)

// Objective is the sum of losses that a picture is optimised for.
type Objective struct {
	Content Content
	Style   Style
	// TVWeight weighs the total variation; 0 leaves it out.
	TVWeight float64
	// Relative weights mean the same for pictures of all sizes and all styles; see
	// [Objective.Weigh].
	Relative bool
}

// Content is the content loss Weight * sum((F - P)^2): F are the features of the
// picture at Layer, P those of the content image. It is a sum, not a mean.
type Content struct {
	Layer  int
	Weight float64 // 0 leaves the term out
}

// Style is the style loss, the sum over i of
//
//	Weights[i] * sum((G - A)^2)
//
// where G is the Gram matrix of the picture's features at Layers[i] and A that
// of the style image.
type Style struct {
	Layers  []int
	Weights []float64 // as long as Layers; 0 leaves a layer out
	Gram    Gram
}

// FieldError says which field of an objective is out of range.
type FieldError struct {
	Field  string // as the command line and the experiment files name it, with dashes
	Reason string
}

func (e *FieldError) Error() string { return e.Field + " " + e.Reason }

// Check returns a *[FieldError] for the first field out of range, given the
// number of the network's layers.
func (o *Objective) Check(layers int) error {
	if err := checkLayer("content-layer", o.Content.Layer, layers); err != nil {
		return err
	}
	if err := checkWeight("content-weight", o.Content.Weight); err != nil {
		return err
	}
	if err := o.Style.check(layers); err != nil {
		return err
	}
	return checkWeight("tv-weight", o.TVWeight)
}

func (s *Style) check(layers int) error {
	if len(s.Layers) != len(s.Weights) {
		return &FieldError{"style-weights", fmt.Sprintf("has %d weights for %d style layers; give one weight for each layer",
			len(s.Weights), len(s.Layers))}
	}
	seen := map[int]bool{}
	for i, l := range s.Layers {
		if err := checkLayer("style-layers", l, layers); err != nil {
			return err
		}
		if seen[l] {
			return &FieldError{"style-layers", fmt.Sprintf("names layer %d twice", l)}
		}
		seen[l] = true
		if err := checkWeight("style-weights", s.Weights[i]); err != nil {
			return err
		}
	}
	return nil
}

func checkLayer(field string, layer, layers int) error {
	if layer < 0 || layer >= layers {
		return &FieldError{field, fmt.Sprintf("is %d, but the network's layers are 0 to %d", layer, layers-1)}
	}
	return nil
}

// checkWeight accepts what survives the conversion to the graph's float32.
func checkWeight(field string, weight float64) error {
	if !(weight >= 0) || weight > math.MaxFloat32 {
		return &FieldError{field, fmt.Sprintf("is %g, must be a number from 0 to %.2g", weight, math.MaxFloat32)}
	}
	return nil
}
