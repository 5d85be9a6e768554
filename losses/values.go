package losses

// Values are the weighted losses of one picture.
type Values struct {
	Content []LayerValue // one; nil if absent
	Style   []LayerValue // in the order of the objective's layers
	Match   []LayerValue // of the layers that are matched
	TV      float64
}

// LayerValue is the weighted loss of one layer.
type LayerValue struct {
	Layer int
	Value float64
}

// ContentSum is the content loss.
func (v Values) ContentSum() float64 { return sum(v.Content) }

// StyleSum is the style loss, summed over layers.
func (v Values) StyleSum() float64 { return sum(v.Style) }

// MatchSum is the matching loss, summed over layers.
func (v Values) MatchSum() float64 { return sum(v.Match) }

// Total is the sum of all losses, what the optimiser brings down.
func (v Values) Total() float64 { return v.ContentSum() + v.StyleSum() + v.MatchSum() + v.TV }

// Clone copies v.
func (v Values) Clone() Values {
	v.Content = append([]LayerValue(nil), v.Content...)
	v.Style = append([]LayerValue(nil), v.Style...)
	v.Match = append([]LayerValue(nil), v.Match...)
	return v
}

func sum(values []LayerValue) float64 {
	total := 0.0
	for _, v := range values {
		total += v.Value
	}
	return total
}
