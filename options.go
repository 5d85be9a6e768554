package zellige

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"zellige/losses"
	"zellige/optimize"
	"zellige/picture"
)

// Options say how to paint. Start from [DefaultOptions] or [Preset].
type Options struct {
	ImageSize  int     // shorter side that the content is worked at, in pixels, 8 to 16384
	Size       Size    // of the result, which is enlarged or shrunk to it at the end; of its shape
	StyleSize  int     // shorter side of the style picture, in pixels, 8 to 16384; 0 for ImageSize
	StyleScale float64 // the style picture is taken this much larger yet, 1/16 to 16
	Objective  losses.Objective
	Strength   float64 // of style against content, 0 to 1; of Gram matrices, 1/2 is what Objective says
	Schedule   optimize.Schedule
	Scales     int     // sizes that are painted coarse to fine, a factor of 2 apart, of Gram matrices sqrt 2, 1 to 16; 0 for as many as begin at 48 pixels, or 128
	Iterations int     // steps of the optimiser in all scales together, at least Scales
	Recolor    float64 // how far the content takes over the style's mean colour and covariance beforehand, 0 to 1
	Coherence  float64 // how far marks are drawn out along the way they run, 0 to 1, as far as the strength goes
	Brushwork  float64 // how far the result gets the paintings' own finest marks, 0 to 1, as far as the strength goes
	KeepColors KeepColors
	Init       Init
	Seed       uint64        // of the noise that InitNoise starts from
	Range      picture.Range // how the result is brought to 0..1
	Depth      int           // bits per channel of the result, 8 or 16
	KeepAlpha  bool          // the result is as transparent as the content
	// Piece is how many pixels the network sees at once, at most; a larger picture
	// is evaluated piece by piece. 0 is the whole picture at once. It changes the
	// result no more than rounding does, but so that the bytes differ.
	Piece int
	// Lean keeps no features of the whole picture while it is evaluated piece by piece,
	// which saves about 80 bytes a pixel and takes half as long again. As with Piece,
	// the result differs by rounding.
	Lean bool

	// Progress is called after every evaluation from the goroutine of the loop; nil if
	// absent.
	Progress func(Step)
	// Resume is where an interrupted run goes on; nil if absent.
	Resume *State
}

// Init says where the optimisation starts.
type Init string

// The starting points.
const (
	InitContent Init = "content" // the content image
	InitNoise   Init = "noise"   // uniform noise in [0,1) of the normalised space
	InitImage   Init = "image"   // Pictures.Init
)

// KeepColors says whether the result has the content's colours.
type KeepColors string

// The ways to keep colours (Gatys et al., "Preserving Color in Neural Artistic
// Style Transfer", 2016).
const (
	KeepOff   KeepColors = "off"   // the style's colours
	KeepLuma  KeepColors = "luma"  // the painted luma with the content's chroma
	KeepMatch KeepColors = "match" // the style takes over the content's mean colour and covariance beforehand
)

// Limits of the options and pictures.
const (
	MinSize       = 8     // smallest working size, in pixels
	MaxSize       = 16384 // largest working size, in pixels
	MaxIterations = 1_000_000
	MaxScales     = 16
	DefaultPiece  = 3 << 19 // of Options.Piece, about 1.2 GB; a photograph of 1024 pixels is one piece
	MaxStyleScale = 16
	MaxRate       = 1000  // of learning rates
	MaxLevels     = 16    // of the image pyramid
	MaxAverage    = 0.999 // of Schedule.Average
	MaxBound      = 1000  // of Schedule.Bound
)

// neutral is the strength at which the objective is what its weights say.
const neutral = 0.5

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
		checkRange("Coherence", o.Coherence, 0, 1),
		checkRange("Brushwork", o.Brushwork, 0, 1),
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
	case !o.Matches():
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
