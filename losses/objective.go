package losses

// Objective is the sum of losses that a picture is optimised for.
type Objective struct {
	Content Content
	Style   Style
	Match   Match
	// TVWeight weighs the total variation; 0 leaves it out.
	TVWeight float64
	// Relative weights mean the same for pictures of all sizes and all styles; see
	// [Objective.Weigh].
	Relative bool
}

// Matches reports whether the matching loss is asked for, which takes the place of
// content and style.
func (o *Objective) Matches() bool { return o.Match.Weight > 0 }

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
