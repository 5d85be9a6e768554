package zellige

import (
	"slices"
	"testing"

	"zellige/runtime"
)

// networkOf is what the metadata says of layers such as conv and relu; a pool halves the size.
func networkOf(names ...string) *runtime.Info {
	info, stride := &runtime.Info{}, 1
	for n, name := range names {
		if name == "pool" {
			stride *= 2
		}
		info.Layers = append(info.Layers, runtime.Layer{Index: n, Name: name, Stride: stride, Channels: 4, ReceptiveField: 3 + n})
	}
	return info
}

func TestChooseLayers(t *testing.T) {
	var vgg []string
	for _, convolutions := range []int{2, 2, 4, 4, 4} {
		for range convolutions {
			vgg = append(vgg, "conv", "relu")
		}
		vgg = append(vgg, "pool")
	}
	cases := []struct {
		name                string
		network             *runtime.Info
		preset              string
		content             int
		style, match, final []int
	}{
		{"VGG-19 for gram", networkOf(vgg...), "gram", 20, []int{8, 17, 26, 33, 35}, nil, nil},
		{"VGG-19 for paint", networkOf(vgg...), "paint", 0, nil, []int{8, 17, 26, 33, 35}, []int{6, 8, 11, 17, 20, 26, 29, 33, 35}},
		{"the report's layers", networkOf(vgg...), "lab", 3, []int{1, 4, 5, 7}, nil, nil},
		{"SqueezeNet", networkOf("conv", "relu", "pool", "fire"), "gram", 6, []int{1, 4, 7, 10, 11}, nil, nil},
		{"a short one", networkOf("conv", "relu", "pool", "conv", "relu"), "gram", 4, []int{4}, nil, nil},
		{"one that reduces nothing", networkOf("conv", "relu"), "paint", 0, nil, []int{1}, []int{1}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			o, err := Preset(test.preset)
			if err != nil {
				t.Fatal(err)
			}
			o.ChooseLayers(test.network)
			if got := o.Objective.Content.Layer; got != test.content {
				t.Errorf("content at layer %d, want %d", got, test.content)
			}
			check := func(what string, got, want []int) {
				if !slices.Equal(got, want) {
					t.Errorf("%s at layers %v, want %v", what, got, want)
				}
			}
			check("style", o.Objective.Style.Layers, test.style)
			check("matching", o.Objective.Match.Layers, test.match)
			check("the last pass", o.Objective.Match.FinalLayers, test.final)
			if len(o.Objective.Style.Weights) != len(o.Objective.Style.Layers) {
				t.Errorf("%d weights for %d style layers", len(o.Objective.Style.Weights), len(o.Objective.Style.Layers))
			}
		})
	}
}
