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
	Name   string // as the flag, with dashes
	Option string // its field in [zellige.Options], as Objective.Content.Layer
	Usage  string
	// Set reads the parameter from text. The error is an *[Error].
	Set func(o *zellige.Options, text string) error
	// Value is an int, uint64, float64, string, bool, []int or []float64.
	Value func(o *zellige.Options) any
}

// Key is the parameter's name in an experiment file or a manifest.
func (p Parameter) Key() string { return keyOf(p.Name) }

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
// They are shared: a caller must not change them.
func All() []Parameter { return all }

var all = []Parameter{
	intParameter("image-size", "ImageSize", "shorter side at which the content is painted, in `PIXELS`"),
	{"size", "Size", "`PIXELS` of the result's shorter side, whatever the image size; 0 for the image size", setSize, sizeValue},
	intParameter("style-size", "StyleSize", "shorter side of the style picture, in `PIXELS`; 0 for the image size"),
	floatParameter("style-scale", "StyleScale", "take the painting `FACTOR` times as large"),
	floatParameter("strength", "Strength", "`STRENGTH` of style against content: 0 keeps the photograph, 1 is all paint; of gram, 0.5 is what the weights say"),
	floatParameter("recolor", "Recolor", "`AMOUNT`, 0 to 1, by which the content takes over the style's colours before it is painted"),
	floatParameter("coherence", "Coherence", "`AMOUNT`, 0 to 1, by which strokes and contours are drawn out; 0 leaves them as the network paints them"),
	floatParameter("brushwork", "Brushwork", "`AMOUNT`, 0 to 1, by which the result gets the painting's own finest marks: bristles, ink lines, grain"),
	wordParameter("keep-colors", "KeepColors", "`WAY` to keep the content's colours: off, luma or match", "off, luma or match", zellige.KeepOff, zellige.KeepLuma, zellige.KeepMatch),
	intParameter("content-layer", "Objective.Content.Layer", "`LAYER` whose features the content loss compares"),
	floatParameter("content-weight", "Objective.Content.Weight", "`WEIGHT` of the content loss"),
	listParameter("style-layers", "Objective.Style.Layers", "`LAYERS` whose Gram matrices the style loss compares, as 1,4,5,7", "a list of layers such as 1,4,5,7", strconv.Atoi),
	listParameter("style-weights", "Objective.Style.Weights", "`WEIGHTS` of the style layers, one each", "a list of weights such as 450000,2000,20,4", parseFloat),
	floatParameter("match-weight", "Objective.Match.Weight", "`WEIGHT` of the matching loss, in place of the content and the style loss; 0 for none"),
	listParameter("match-layers", "Objective.Match.Layers", "`LAYERS` whose features are matched at each scale, as 1,4,7,10,12", "a list of layers such as 1,4,7,10,12", strconv.Atoi),
	listParameter("final-layers", "Objective.Match.FinalLayers", "`LAYERS` that are matched each by itself in the passes that refine, as 1,3,4,6,7,9,10,12; empty for no such pass", "a list of layers such as 1,4,7", strconv.Atoi),
	{"rotations", "Objective.Match.Rotations", "`NUMBER` 1 matches the style in four directions, 0 as it is", setRotations,
		func(o *zellige.Options) any { return rotationsValue(o) }},
	floatParameter("tv-weight", "Objective.TVWeight", "`WEIGHT` of the total-variation loss"),
	{"gram", "Objective.Style.Gram", "`DIVISOR` of Gram matrices: size (channels x height x width) or none", setGram,
		func(o *zellige.Options) any { return o.Objective.Style.Gram.String() }},
	intParameter("scales", "Scales", "paint coarse to fine in this `NUMBER` of sizes, a factor of 2 apart, of gram sqrt 2; 0 for as many as fit"),
	intParameter("iterations", "Iterations", "`STEPS` of the optimiser"),
	wordParameter("optimizer", "Schedule.Method", "`METHOD` that moves the pixels: adam or lbfgs", "adam or lbfgs", optimize.MethodAdam, optimize.MethodLBFGS),
	floatParameter("learning-rate", "Schedule.Rate", "learning `RATE` of adam, of lbfgs for its first step"),
	floatParameter("final-learning-rate", "Schedule.FinalRate", "`RATE` that the learning rate of adam falls to; 0 for none"),
	intParameter("pyramid-levels", "Schedule.Levels", "move `LEVELS` of an image pyramid, coarse ones faster; 0 for the pixels themselves"),
	floatParameter("average", "Schedule.Average", "`DECAY` of a moving average of the steps; 0 for the last step"),
	floatParameter("pixel-bound", "Schedule.Bound", "keep normalised pixels in -`BOUND`..BOUND; 0 for what a picture can show"),
	intParameter("piece", "Piece", "evaluate at most `PIXELS` at once, larger pictures piece by piece; 0 for the whole picture"),
	boolParameter("lean", "Lean", "keep no features of the whole picture while it is evaluated in pieces: less memory, but slower"),
	seedParameter("seed", "Seed", "`SEED` of the noise"),
	intParameter("depth", "Depth", "`BITS` per channel of the result, 8 or 16 (PNG and TIFF)"),
	boolParameter("keep-alpha", "KeepAlpha", "make the result as transparent as the content (PNG and TIFF)"),
}

// byName are the parameters by flag and by key: files describe 100,000 runs.
var byName = map[string]Parameter{}

func init() {
	for _, p := range all {
		byName[p.Name], byName[p.Key()] = p, p
	}
}

// Find returns the parameter of a flag's name or a file's key.
func Find(name string) (Parameter, bool) {
	p, ok := byName[name]
	return p, ok
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
		return refuse("rotations", text, "0 or 1")
	}
	return nil
}

func rotationsValue(o *zellige.Options) int {
	if o.Objective.Match.Rotations {
		return 1
	}
	return 0
}
