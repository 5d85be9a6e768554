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
		option string
		change func(*losses.Objective)
	}{
		{"Objective.Content.Layer", func(o *losses.Objective) { o.Content.Layer = 13 }},
		{"Objective.Content.Layer", func(o *losses.Objective) { o.Content.Layer = -1 }},
		{"Objective.Content.Weight", func(o *losses.Objective) { o.Content.Weight = math.NaN() }},
		{"Objective.Content.Weight", func(o *losses.Objective) { o.Content.Weight = -1 }},
		{"Objective.Content.Weight", func(o *losses.Objective) { o.Content.Weight = 1e39 }},
		{"Objective.Style.Layers", func(o *losses.Objective) { o.Style.Layers[1] = 13 }},
		{"Objective.Style.Layers", func(o *losses.Objective) { o.Style.Layers[1] = 1 }},
		{"Objective.Style.Weights", func(o *losses.Objective) { o.Style.Weights = o.Style.Weights[:1] }},
		{"Objective.Style.Weights", func(o *losses.Objective) { o.Style.Weights[0] = math.Inf(1) }},
		{"Objective.TVWeight", func(o *losses.Objective) { o.TVWeight = -0.1 }},
	}
	for i, tt := range tests {
		o := good()
		tt.change(&o)
		var refused *OptionError
		if err := checkObjective(&o, 13); !errors.As(err, &refused) || refused.Option != tt.option {
			t.Errorf("case %d: got %v, want an error about %s", i, err, tt.option)
		}
	}
}
