package losses

// Weigh returns the factor of a content or style loss with the given weight and
// target of that [Energy]: the weight itself, or for a relative objective the
// weight over the energy. A relative loss is thus the squared distance to the
// target in units of the target, whatever the size of the picture, the layer and
// the style.
func (o *Objective) Weigh(weight, energy float64) float64 {
	if !o.Relative {
		return weight
	}
	if energy == 0 {
		return 0
	}
	return weight / energy
}

// Energy is the sum of the squares of values.
func Energy(values []float32) float64 {
	squares := 0.0
	for _, v := range values {
		squares += float64(v) * float64(v)
	}
	return squares
}

// WeighTV returns the factor of the total variation of a picture of so many
// values: TVWeight, or for a relative objective TVWeight over their number.
func (o *Objective) WeighTV(values int) float64 {
	if !o.Relative {
		return o.TVWeight
	}
	return o.TVWeight / float64(values)
}

// Scaled returns the objective with content and style weighed against each other:
// at strength 0 the style terms are 0, at 1 the content term, and at 1/2 all are
// what they were.
func (o Objective) Scaled(strength float64) Objective {
	o.Content.Weight *= 2 * (1 - strength)
	weights := make([]float64, len(o.Style.Weights))
	for i, w := range o.Style.Weights {
		weights[i] = w * 2 * strength
	}
	o.Style.Weights = weights
	return o
}
