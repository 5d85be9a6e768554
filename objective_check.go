package zellige

import (
	"fmt"
	"math"

	"zellige/losses"
	"zellige/runtime"
)

// OptionError says which option is out of range.
type OptionError struct {
	Field  string // as the command line and the experiment files name it, with dashes
	Reason string
}

func (e *OptionError) Error() string { return e.Field + " " + e.Reason }

// checkObjective returns an *[OptionError] for the first field out of range, given
// the number of the network's layers.
func checkObjective(o *losses.Objective, layers int) error {
	if err := checkLayer("content-layer", o.Content.Layer, layers); err != nil {
		return err
	}
	if err := checkWeight("content-weight", o.Content.Weight); err != nil {
		return err
	}
	if err := checkStyle(&o.Style, layers); err != nil {
		return err
	}
	return checkWeight("tv-weight", o.TVWeight)
}

func checkStyle(s *losses.Style, layers int) error {
	if len(s.Layers) != len(s.Weights) {
		return &OptionError{"style-weights", fmt.Sprintf("has %d weights for %d style layers; give one weight for each layer",
			len(s.Weights), len(s.Layers))}
	}
	seen := map[int]bool{}
	for i, l := range s.Layers {
		if err := checkLayer("style-layers", l, layers); err != nil {
			return err
		}
		if seen[l] {
			return &OptionError{"style-layers", fmt.Sprintf("names layer %d twice", l)}
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
		return &OptionError{field, fmt.Sprintf("is %d, but the network's layers are 0 to %d", layer, layers-1)}
	}
	return nil
}

// checkWeight accepts what survives the conversion to the graph's float32.
func checkWeight(field string, weight float64) error {
	if !(weight >= 0) || weight > math.MaxFloat32 {
		return &OptionError{field, fmt.Sprintf("is %g, must be a number from 0 to %.2g", weight, math.MaxFloat32)}
	}
	return nil
}

// styleLayers are the style layers that count.
func (o *Options) styleLayers() (layers []int) {
	for i, l := range o.Objective.Style.Layers {
		if o.Objective.Style.Weights[i] > 0 {
			layers = append(layers, l)
		}
	}
	return layers
}

// checkScales refuses a coarsest scale that is too small, for the deepest layer also.
func (o *Options) checkScales(info *runtime.Info) error {
	deepest := 0
	if o.Objective.Content.Weight > 0 {
		deepest = o.Objective.Content.Layer
	}
	for _, l := range o.styleLayers() {
		deepest = max(deepest, l)
	}
	stages := o.stages()
	s := stages[0]
	least := max(MinSize, info.MinimumSize(deepest))
	if len(stages) == 1 || min(s.size, s.styleSize) >= least {
		return nil
	}
	return &OptionError{Field: "scales", Reason: fmt.Sprintf("is %d, which begins with a picture of %d and a style of %d pixels, layer %d needs at least %d; use fewer scales or a larger size",
		len(stages), s.size, s.styleSize, deepest, least)}
}
