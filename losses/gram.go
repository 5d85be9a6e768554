package losses

// Gram says how a Gram matrix F F^T of features F, [C][h*w], is normalised.
type Gram int

const (
	// GramSize divides by C*h*w, as the reference notebook does.
	GramSize Gram = iota
	// GramNone takes F F^T as it is, the formula as the report prints it.
	GramNone
)

func (g Gram) String() string { return [...]string{GramSize: "size", GramNone: "none"}[g] }

// Scale returns the factor of F F^T.
func (g Gram) Scale(channels, height, width int) float64 {
	if g == GramNone {
		return 1
	}
	return 1 / (float64(channels) * float64(height) * float64(width))
}
