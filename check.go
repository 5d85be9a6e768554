package zellige

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"zellige/losses"
	"zellige/optimize"
)

// OptionError says which option is out of range.
type OptionError struct {
	Option string // its field in [Options], as Objective.Content.Layer; or Preset, Quality, Styles.Weight, Styles.Mask
	Reason string
}

func (e *OptionError) Error() string { return e.Option + " " + e.Reason }

// Check returns an *[OptionError] for the first option out of range, given the
// number of the network's layers.
func (o *Options) Check(layers int) error {
	if err := checkSize("ImageSize", o.ImageSize); err != nil {
		return err
	}
	if o.StyleSize != 0 {
		if err := checkSize("StyleSize", o.StyleSize); err != nil {
			return err
		}
	}
	if o.Iterations < 1 || o.Iterations > MaxIterations {
		return &OptionError{Option: "Iterations", Reason: fmt.Sprintf("is %d, must be 1 to %d", o.Iterations, MaxIterations)}
	}
	if o.Scales < 0 || o.Scales > min(MaxScales, o.Iterations) {
		return &OptionError{Option: "Scales", Reason: fmt.Sprintf("is %d, must be 0 to %d and not above the iterations", o.Scales, MaxScales)}
	}
	if o.Piece < 0 {
		return &OptionError{Option: "Piece", Reason: fmt.Sprintf("is %d, must be 0 or more pixels", o.Piece)}
	}
	if o.Depth != 8 && o.Depth != 16 {
		return &OptionError{Option: "Depth", Reason: fmt.Sprintf("is %d, must be 8 or 16 bits per channel", o.Depth)}
	}
	if err := o.checkChoices(); err != nil {
		return err
	}
	return errors.Join(
		o.Size.check(),
		checkRange("StyleScale", o.StyleScale, 1.0/MaxStyleScale, MaxStyleScale),
		checkRange("Strength", o.Strength, 0, 1),
		checkRange("Recolor", o.Recolor, 0, 1),
		checkSchedule(&o.Schedule),
		checkObjective(&o.Objective, layers),
	)
}

func (o *Options) checkChoices() error {
	switch o.Init {
	case InitContent, InitNoise, InitImage:
	default:
		return &OptionError{Option: "Init", Reason: fmt.Sprintf("is %q, must be content, noise or a picture", o.Init)}
	}
	switch o.Schedule.Method {
	case optimize.MethodAdam, optimize.MethodLBFGS:
	default:
		return &OptionError{Option: "Schedule.Method", Reason: fmt.Sprintf("is %q, must be adam or lbfgs", o.Schedule.Method)}
	}
	switch o.KeepColors {
	case KeepOff, KeepLuma, KeepMatch:
		return nil
	}
	return &OptionError{Option: "KeepColors", Reason: fmt.Sprintf("is %q, must be off, luma or match", o.KeepColors)}
}

func checkSchedule(s *optimize.Schedule) error {
	if !(s.Rate > 0) {
		return &OptionError{Option: "Schedule.Rate", Reason: fmt.Sprintf("is %g, must be more than 0", s.Rate)}
	}
	if s.Levels < 0 || s.Levels > MaxLevels {
		return &OptionError{Option: "Schedule.Levels", Reason: fmt.Sprintf("is %d, must be 0 to %d", s.Levels, MaxLevels)}
	}
	return errors.Join(
		checkRange("Schedule.Rate", s.Rate, 0, MaxRate),
		checkRange("Schedule.FinalRate", s.FinalRate, 0, MaxRate),
		checkRange("Schedule.Average", s.Average, 0, MaxAverage),
		checkRange("Schedule.Bound", s.Bound, 0, MaxBound),
	)
}

func checkRange(option string, value, low, high float64) error {
	if value >= low && value <= high {
		return nil
	}
	return &OptionError{Option: option, Reason: fmt.Sprintf("is %g, must be %g to %g", value, low, high)}
}

func checkSize(option string, size int) error {
	if size < MinSize || size > MaxSize {
		return &OptionError{Option: option, Reason: fmt.Sprintf("is %d, must be %d to %d pixels", size, MinSize, MaxSize)}
	}
	return nil
}

// checkObjective returns an *[OptionError] for the first field out of range, given
// the number of the network's layers.
func checkObjective(o *losses.Objective, layers int) error {
	if err := checkLayer("Objective.Content.Layer", o.Content.Layer, layers); err != nil {
		return err
	}
	if err := checkWeight("Objective.Content.Weight", o.Content.Weight); err != nil {
		return err
	}
	if err := checkStyle(&o.Style, layers); err != nil {
		return err
	}
	if err := checkMatching(o, layers); err != nil {
		return err
	}
	return checkWeight("Objective.TVWeight", o.TVWeight)
}

// checkMatching also refuses losses whose place the matching loss takes.
func checkMatching(o *losses.Objective, layers int) error {
	if err := checkWeight("Objective.Match.Weight", o.Match.Weight); err != nil {
		return err
	}
	if err := checkLayers("Objective.Match.Layers", o.Match.Layers, layers); err != nil {
		return err
	}
	if err := checkLayers("Objective.Match.FinalLayers", o.Match.FinalLayers, layers); err != nil {
		return err
	}
	switch {
	case o.Match.Weight == 0:
		return nil
	case len(o.Match.Layers) == 0:
		return &OptionError{"Objective.Match.Layers", "is empty; name a layer to match"}
	case o.Content.Weight > 0:
		return &OptionError{"Objective.Content.Weight", fmt.Sprintf("is %g, but the preset paint keeps the content by its strength; this weight is for the presets gram and lab", o.Content.Weight)}
	case len(o.Style.Layers) > 0:
		return &OptionError{"Objective.Style.Layers", "names layers, but the preset paint has no Gram matrices; these layers are for the presets gram and lab"}
	}
	return nil
}

// checkLayers refuses layers that do not exist or come twice.
func checkLayers(option string, list []int, layers int) error {
	for i, l := range list {
		if err := checkLayer(option, l, layers); err != nil {
			return err
		}
		if slices.Contains(list[:i], l) {
			return &OptionError{option, fmt.Sprintf("names layer %d twice", l)}
		}
	}
	return nil
}

func checkStyle(s *losses.Style, layers int) error {
	if len(s.Layers) != len(s.Weights) {
		return &OptionError{"Objective.Style.Weights", fmt.Sprintf("has %d weights for %d style layers; give one weight for each layer",
			len(s.Weights), len(s.Layers))}
	}
	if err := checkLayers("Objective.Style.Layers", s.Layers, layers); err != nil {
		return err
	}
	for i := range s.Layers {
		if err := checkWeight("Objective.Style.Weights", s.Weights[i]); err != nil {
			return err
		}
	}
	return nil
}

func checkLayer(option string, layer, layers int) error {
	if layer < 0 || layer >= layers {
		return &OptionError{option, fmt.Sprintf("is %d, but the network's layers are 0 to %d", layer, layers-1)}
	}
	return nil
}

// checkWeight accepts what survives the conversion to the graph's float32.
func checkWeight(option string, weight float64) error {
	if !(weight >= 0) || weight > math.MaxFloat32 {
		return &OptionError{option, fmt.Sprintf("is %g, must be a number from 0 to %.2g", weight, math.MaxFloat32)}
	}
	return nil
}
