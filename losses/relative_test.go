package losses

import (
	"slices"
	"testing"
)

func TestWeigh(t *testing.T) {
	sums, relative := &Objective{TVWeight: 6}, &Objective{TVWeight: 6, Relative: true}
	target := Energy([]float32{1, -2, 3})
	tests := []struct {
		name      string
		got, want float64
	}{
		{"sum", sums.Weigh(7, target), 7},
		{"relative", relative.Weigh(7, target), 0.5},
		{"relative to nothing", relative.Weigh(7, Energy([]float32{0, 0})), 0},
		{"total variation", sums.WeighTV(12), 6},
		{"relative total variation", relative.WeighTV(12), 0.5},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %g, want %g", tt.name, tt.got, tt.want)
		}
	}
}

func TestScaled(t *testing.T) {
	o := Objective{Content: Content{Weight: 3}, Style: Style{Weights: []float64{5, 7}}}
	for _, tt := range []struct {
		strength, content float64
		style             []float64
	}{{0, 6, []float64{0, 0}}, {0.5, 3, []float64{5, 7}}, {0.75, 1.5, []float64{7.5, 10.5}}, {1, 0, []float64{10, 14}}} {
		got := o.Scaled(tt.strength)
		if got.Content.Weight != tt.content || !slices.Equal(got.Style.Weights, tt.style) {
			t.Errorf("strength %g: %+v", tt.strength, got)
		}
	}
	if o.Style.Weights[0] != 5 {
		t.Error("Scaled changes the objective it is called on")
	}
}
