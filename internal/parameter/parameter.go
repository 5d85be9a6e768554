// Package parameter reads and writes options as text: the flags of the command, the
// keys of experiment files and recipes, the names of presets.
package parameter

import (
	"fmt"
	"strconv"
	"strings"

	"zellige"
	"zellige/optimize"
)

// Parameter is one option as people write it: a flag of the command, or, with
// underscores, a key of an experiment file or a manifest.
type Parameter struct {
	Name  string // as the flag, with dashes
	Usage string
	// Set reads the parameter from text. The error is an *[zellige.OptionError].
	Set func(o *zellige.Options, text string) error
	// Value is an int, uint64, float64, string, bool, []int or []float64.
	Value func(o *zellige.Options) any
}

// Key is the parameter's name in an experiment file or a manifest.
func (p Parameter) Key() string { return strings.ReplaceAll(p.Name, "-", "_") }

// Text is the value as Set reads it; lists are joined by commas.
func (p Parameter) Text(o *zellige.Options) string {
	switch v := p.Value(o).(type) {
	case []int:
		return joinList(v)
	case []float64:
		return joinList(v)
	default:
		return fmt.Sprint(v)
	}
}

// All are the options that are data, in the order of the command's help.
func All() []Parameter {
	return []Parameter{
		intParameter("image-size", "shorter side at which the content is painted, in `PIXELS`", func(o *zellige.Options) *int { return &o.ImageSize }),
		{"size", "size of the result, whatever is worked at: its shorter side in `PIXELS`; 0 for the image size", setSize, sizeValue},
		intParameter("style-size", "shorter side of the style picture, in `PIXELS`; 0 for the image size", func(o *zellige.Options) *int { return &o.StyleSize }),
		floatParameter("style-scale", "take the style picture larger or smaller by this `FACTOR`", func(o *zellige.Options) *float64 { return &o.StyleScale }),
		floatParameter("strength", "`STRENGTH` of style against content: 0 keeps the photograph, 1 is all paint; of gram, 0.5 is what the weights say", func(o *zellige.Options) *float64 { return &o.Strength }),
		floatParameter("recolor", "`AMOUNT`, 0 to 1, by which the content takes over the style's colours before it is painted", func(o *zellige.Options) *float64 { return &o.Recolor }),
		wordParameter("keep-colors", "`WAY` to keep the content's colours: off, luma or match", "off, luma or match",
			func(o *zellige.Options) *zellige.KeepColors { return &o.KeepColors }, zellige.KeepOff, zellige.KeepLuma, zellige.KeepMatch),
		intParameter("content-layer", "`LAYER` whose features the content loss compares", func(o *zellige.Options) *int { return &o.Objective.Content.Layer }),
		floatParameter("content-weight", "`WEIGHT` of the content loss", func(o *zellige.Options) *float64 { return &o.Objective.Content.Weight }),
		listParameter("style-layers", "`LAYERS` whose Gram matrices the style loss compares, as 1,4,5,7", "a list of layers such as 1,4,5,7", strconv.Atoi,
			func(o *zellige.Options) *[]int { return &o.Objective.Style.Layers }),
		listParameter("style-weights", "`WEIGHTS` of the style layers, one each", "a list of weights such as 450000,2000,20,4", parseFloat,
			func(o *zellige.Options) *[]float64 { return &o.Objective.Style.Weights }),
		floatParameter("match-weight", "`WEIGHT` of the matching loss, in place of the content and the style loss; 0 for none", func(o *zellige.Options) *float64 { return &o.Objective.Match.Weight }),
		listParameter("match-layers", "`LAYERS` whose features are matched at each scale, as 1,4,7,10,12", "a list of layers such as 1,4,7,10,12", strconv.Atoi,
			func(o *zellige.Options) *[]int { return &o.Objective.Match.Layers }),
		listParameter("final-layers", "`LAYERS` that are matched each by itself in the passes that refine, as 1,3,4,6,7,9,10,12; empty for no such pass", "a list of layers such as 1,4,7", strconv.Atoi,
			func(o *zellige.Options) *[]int { return &o.Objective.Match.FinalLayers }),
		{"rotations", "`NUMBER` 1 matches the style in four directions, 0 as it is", setRotations,
			func(o *zellige.Options) any { return rotationsValue(o) }},
		floatParameter("tv-weight", "`WEIGHT` of the total-variation loss", func(o *zellige.Options) *float64 { return &o.Objective.TVWeight }),
		{"gram", "`DIVISOR` of Gram matrices: size (channels x height x width) or none", setGram,
			func(o *zellige.Options) any { return o.Objective.Style.Gram.String() }},
		intParameter("scales", "paint coarse to fine in this `NUMBER` of sizes, a factor of 2 apart, of gram sqrt 2; 0 for as many as fit", func(o *zellige.Options) *int { return &o.Scales }),
		intParameter("iterations", "`STEPS` of the optimiser", func(o *zellige.Options) *int { return &o.Iterations }),
		wordParameter("optimizer", "`METHOD` that moves the pixels: adam or lbfgs", "adam or lbfgs",
			func(o *zellige.Options) *optimize.Method { return &o.Schedule.Method }, optimize.MethodAdam, optimize.MethodLBFGS),
		floatParameter("learning-rate", "learning `RATE` of adam, of lbfgs for its first step", func(o *zellige.Options) *float64 { return &o.Schedule.Rate }),
		floatParameter("final-learning-rate", "`RATE` that the learning rate of adam falls to; 0 for none", func(o *zellige.Options) *float64 { return &o.Schedule.FinalRate }),
		intParameter("pyramid-levels", "move `LEVELS` of an image pyramid, coarse ones faster; 0 for the pixels themselves", func(o *zellige.Options) *int { return &o.Schedule.Levels }),
		floatParameter("average", "`DECAY` of a moving average of the steps; 0 for the last step", func(o *zellige.Options) *float64 { return &o.Schedule.Average }),
		floatParameter("pixel-bound", "keep normalised pixels in -`BOUND`..BOUND; 0 for what a picture can show", func(o *zellige.Options) *float64 { return &o.Schedule.Bound }),
		intParameter("piece", "evaluate at most `PIXELS` at once, larger pictures piece by piece; 0 for the whole picture", func(o *zellige.Options) *int { return &o.Piece }),
		boolParameter("lean", "keep no features of the whole picture while it is evaluated in pieces: less memory, but slower", func(o *zellige.Options) *bool { return &o.Lean }),
		seedParameter("seed", "`SEED` of the noise", func(o *zellige.Options) *uint64 { return &o.Seed }),
		intParameter("depth", "`BITS` per channel of the result, 8 or 16 (PNG and TIFF)", func(o *zellige.Options) *int { return &o.Depth }),
		boolParameter("keep-alpha", "make the result as transparent as the content (PNG and TIFF)", func(o *zellige.Options) *bool { return &o.KeepAlpha }),
	}
}

// Find returns the parameter of a flag's name or a file's key.
func Find(name string) (Parameter, bool) {
	for _, p := range All() {
		if p.Name == name || p.Key() == name {
			return p, true
		}
	}
	return Parameter{}, false
}

// Must is Find for a name that the program itself writes.
func Must(name string) Parameter {
	p, ok := Find(name)
	if !ok {
		panic(fmt.Sprintf("no parameter is called %s", name))
	}
	return p
}

func setRotations(o *zellige.Options, text string) error {
	switch strings.TrimSpace(text) {
	case "0":
		o.Objective.Match.Rotations = false
	case "1":
		o.Objective.Match.Rotations = true
	default:
		return &zellige.OptionError{Field: "rotations", Reason: fmt.Sprintf("is %q, must be 0 or 1", text)}
	}
	return nil
}

func rotationsValue(o *zellige.Options) int {
	if o.Objective.Match.Rotations {
		return 1
	}
	return 0
}
