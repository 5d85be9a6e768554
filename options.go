package zellige

import (
	"fmt"
	"image"

	"zellige/losses"
	"zellige/optimize"
	"zellige/picture"
)

// Pictures are what a picture is painted from.
type Pictures struct {
	Content image.Image // what is shown
	Style   image.Image // how it is painted; nil if no style is asked for
	Init    image.Image // where to start, with InitImage
}

// Options say how to paint. Start from [DefaultOptions] or [Preset].
type Options struct {
	ImageSize  int // shorter side of the content and of the result, in pixels, 8 to 16384
	StyleSize  int // shorter side of the style picture, in pixels, 8 to 16384
	Objective  losses.Objective
	Schedule   optimize.Schedule
	Iterations int // steps of the optimiser, at least 1
	Init       Init
	Seed       uint64        // of the noise that InitNoise starts from
	Range      picture.Range // how the result is brought to 0..1

	// Piece is how many pixels the network sees at once, at most; a larger picture
	// is evaluated piece by piece. 0 is the whole picture at once. It changes the
	// result no more than rounding does, but so that the bytes differ.
	Piece int

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

// OptionError says which option is out of range; its Field is the name of the
// command's flag.
type OptionError = losses.FieldError

// Limits of the options and pictures.
const (
	MinSize       = 8     // smallest working size, in pixels
	MaxSize       = 16384 // largest working size, in pixels
	MinPicture    = 8     // smallest side of an input picture, in pixels
	MaxAspect     = 32    // longer side of an input picture over its shorter
	MaxIterations = 1_000_000
	DefaultPiece  = 3 << 19 // of Options.Piece, about 1.2 GB; a photograph of 1024 pixels is one piece
)

// PresetNames are the names that [Preset] knows.
func PresetNames() []string { return []string{"lab"} }

// Preset returns the options of a preset.
//
// lab is the lab report's reference experiment to the letter, with the
// parameters of its lion and waves: 200 iterations of Adam at learning rate 3,
// pixels kept in -1.5..1.5, a fresh Adam with rate 0.1 at iteration 180, and the
// result stretched to its own minimum and maximum.
func Preset(name string) (Options, error) {
	if name != "lab" {
		return Options{}, &OptionError{Field: "preset", Reason: fmt.Sprintf("is %q, must be lab", name)}
	}
	return Options{
		ImageSize: 192,
		StyleSize: 576,
		Objective: losses.Objective{
			Content:  losses.Content{Layer: 3, Weight: 7e-2},
			Style:    losses.Style{Layers: []int{1, 4, 5, 7}, Weights: []float64{450000, 2000, 20, 4}},
			TVWeight: 5e-2,
		},
		Schedule:   optimize.Lab(),
		Iterations: 200,
		Init:       InitContent,
		Range:      picture.Stretch,
		Piece:      DefaultPiece,
	}, nil
}

// DefaultOptions returns the preset lab.
func DefaultOptions() Options {
	o, _ := Preset("lab")
	return o
}

// InversionOptions returns the options of the lab report's feature inversion:
// those of the preset lab with the published weights 6e-2 of content and 2e-2 of
// total variation, without style, from noise.
func InversionOptions() Options {
	o, _ := Preset("lab")
	o.Objective.Content.Weight, o.Objective.TVWeight = 6e-2, 2e-2
	o.Objective.Style.Layers, o.Objective.Style.Weights = nil, nil
	o.Init = InitNoise
	return o
}

// Check returns an *[OptionError] for the first option out of range, given the
// number of the network's layers.
func (o *Options) Check(layers int) error {
	if err := checkSize("image-size", o.ImageSize); err != nil {
		return err
	}
	if err := checkSize("style-size", o.StyleSize); err != nil {
		return err
	}
	if o.Iterations < 1 || o.Iterations > MaxIterations {
		return &OptionError{Field: "iterations", Reason: fmt.Sprintf("is %d, must be 1 to %d", o.Iterations, MaxIterations)}
	}
	if o.Piece < 0 {
		return &OptionError{Field: "piece", Reason: fmt.Sprintf("is %d, must be 0 or more pixels", o.Piece)}
	}
	switch o.Init {
	case InitContent, InitNoise, InitImage:
	default:
		return &OptionError{Field: "init", Reason: fmt.Sprintf("is %q, must be content, noise or a picture", o.Init)}
	}
	return o.Objective.Check(layers)
}

func checkSize(field string, size int) error {
	if size < MinSize || size > MaxSize {
		return &OptionError{Field: field, Reason: fmt.Sprintf("is %d, must be %d to %d pixels", size, MinSize, MaxSize)}
	}
	return nil
}
