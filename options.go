package zellige

import (
	"errors"
	"fmt"
	"image"

	"zellige/losses"
	"zellige/optimize"
	"zellige/picture"
)

// Pictures are what a picture is painted from.
type Pictures struct {
	Content image.Image // what is shown
	// Alpha is the opacity of the content, as [picture.File] has it, which the result
	// gets with KeepAlpha; nil if it is opaque.
	Alpha  *image.Alpha16
	Style  image.Image // how it is painted; nil if no style is asked for
	Styles []Style     // several styles, beside or instead of Style
	Init   image.Image // where to start, with InitImage
}

// Options say how to paint. Start from [DefaultOptions] or [Preset].
type Options struct {
	ImageSize  int     // shorter side that the content is worked at, in pixels, 8 to 16384
	Size       Size    // of the result, which is enlarged or shrunk to it at the end; of its shape
	StyleSize  int     // shorter side of the style picture, in pixels, 8 to 16384; 0 for ImageSize
	StyleScale float64 // the style picture is taken this much larger yet, 1/16 to 16
	Objective  losses.Objective
	Strength   float64 // of style against content, 0 to 1; 1/2 is what Objective says
	Schedule   optimize.Schedule
	Scales     int     // sizes that are painted coarse to fine, a factor of sqrt 2 apart, 1 to 16; 0 for as many as begin at 128 pixels
	Iterations int     // steps of the optimiser in all scales together, at least Scales
	Recolor    float64 // how far the content takes over the style's mean colour and covariance beforehand, 0 to 1
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

	// Progress, if not nil, is called after every evaluation from the goroutine
	// of the loop.
	Progress func(Step)
	// Resume, if not nil, is where an interrupted run goes on.
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
	MinPicture    = 8     // smallest side of an input picture, in pixels
	MaxAspect     = 32    // longer side of an input picture over its shorter
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

// Check returns an *[OptionError] for the first option out of range, given the
// number of the network's layers.
func (o *Options) Check(layers int) error {
	if err := checkSize("image-size", o.ImageSize); err != nil {
		return err
	}
	if o.StyleSize != 0 {
		if err := checkSize("style-size", o.StyleSize); err != nil {
			return err
		}
	}
	if o.Iterations < 1 || o.Iterations > MaxIterations {
		return &OptionError{Field: "iterations", Reason: fmt.Sprintf("is %d, must be 1 to %d", o.Iterations, MaxIterations)}
	}
	if o.Scales < 0 || o.Scales > min(MaxScales, o.Iterations) {
		return &OptionError{Field: "scales", Reason: fmt.Sprintf("is %d, must be 0 to %d and not above the iterations", o.Scales, MaxScales)}
	}
	if o.Piece < 0 {
		return &OptionError{Field: "piece", Reason: fmt.Sprintf("is %d, must be 0 or more pixels", o.Piece)}
	}
	if o.Depth != 8 && o.Depth != 16 {
		return &OptionError{Field: "depth", Reason: fmt.Sprintf("is %d, must be 8 or 16 bits per channel", o.Depth)}
	}
	if err := o.checkChoices(); err != nil {
		return err
	}
	return errors.Join(
		o.Size.check(),
		checkRange("style-scale", o.StyleScale, 1.0/MaxStyleScale, MaxStyleScale),
		checkRange("strength", o.Strength, 0, 1),
		checkRange("recolor", o.Recolor, 0, 1),
		checkSchedule(&o.Schedule),
		checkObjective(&o.Objective, layers),
	)
}

func (o *Options) checkChoices() error {
	switch o.Init {
	case InitContent, InitNoise, InitImage:
	default:
		return &OptionError{Field: "init", Reason: fmt.Sprintf("is %q, must be content, noise or a picture", o.Init)}
	}
	switch o.Schedule.Method {
	case optimize.MethodAdam, optimize.MethodLBFGS:
	default:
		return &OptionError{Field: "optimizer", Reason: fmt.Sprintf("is %q, must be adam or lbfgs", o.Schedule.Method)}
	}
	switch o.KeepColors {
	case KeepOff, KeepLuma, KeepMatch:
		return nil
	}
	return &OptionError{Field: "keep-colors", Reason: fmt.Sprintf("is %q, must be off, luma or match", o.KeepColors)}
}

func checkSchedule(s *optimize.Schedule) error {
	if !(s.Rate > 0) {
		return &OptionError{Field: "learning-rate", Reason: fmt.Sprintf("is %g, must be more than 0", s.Rate)}
	}
	if s.Levels < 0 || s.Levels > MaxLevels {
		return &OptionError{Field: "pyramid-levels", Reason: fmt.Sprintf("is %d, must be 0 to %d", s.Levels, MaxLevels)}
	}
	return errors.Join(
		checkRange("learning-rate", s.Rate, 0, MaxRate),
		checkRange("final-learning-rate", s.FinalRate, 0, MaxRate),
		checkRange("average", s.Average, 0, MaxAverage),
		checkRange("pixel-bound", s.Bound, 0, MaxBound),
	)
}

func checkRange(field string, value, low, high float64) error {
	if value >= low && value <= high {
		return nil
	}
	return &OptionError{Field: field, Reason: fmt.Sprintf("is %g, must be %g to %g", value, low, high)}
}

func checkSize(field string, size int) error {
	if size < MinSize || size > MaxSize {
		return &OptionError{Field: field, Reason: fmt.Sprintf("is %d, must be %d to %d pixels", size, MinSize, MaxSize)}
	}
	return nil
}
