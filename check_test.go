package zellige

import (
	"errors"
	"math"
	"testing"

	"zellige/losses"
)

func TestObjectiveIsChecked(t *testing.T) {
	good := func() losses.Objective {
		return losses.Objective{
			Content:  losses.Content{Layer: 3, Weight: 7e-2},
			Style:    losses.Style{Layers: []int{1, 4}, Weights: []float64{4e5, 0}},
			TVWeight: 5e-2,
		}
	}
	if o := good(); checkObjective(&o, 13) != nil {
		t.Fatalf("good objective refused: %v", checkObjective(&o, 13))
	}
	tests := []struct {
		field  string
		change func(*losses.Objective)
	}{
		{"content-layer", func(o *losses.Objective) { o.Content.Layer = 13 }},
		{"content-layer", func(o *losses.Objective) { o.Content.Layer = -1 }},
		{"content-weight", func(o *losses.Objective) { o.Content.Weight = math.NaN() }},
		{"content-weight", func(o *losses.Objective) { o.Content.Weight = -1 }},
		{"content-weight", func(o *losses.Objective) { o.Content.Weight = 1e39 }},
		{"style-layers", func(o *losses.Objective) { o.Style.Layers[1] = 13 }},
		{"style-layers", func(o *losses.Objective) { o.Style.Layers[1] = 1 }},
		{"style-weights", func(o *losses.Objective) { o.Style.Weights = o.Style.Weights[:1] }},
		{"style-weights", func(o *losses.Objective) { o.Style.Weights[0] = math.Inf(1) }},
		{"tv-weight", func(o *losses.Objective) { o.TVWeight = -0.1 }},
	}
	for i, tt := range tests {
		o := good()
		tt.change(&o)
		var field *OptionError
		if err := checkObjective(&o, 13); !errors.As(err, &field) || field.Field != tt.field {
			t.Errorf("case %d: got %v, want an error about %s", i, err, tt.field)
		}
	}
}
