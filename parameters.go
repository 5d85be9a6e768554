package zellige

import (
	"fmt"
	"strconv"
	"strings"

	"zellige/losses"
	"zellige/optimize"
)

// Parameter is one option as people write it: a flag of the command, or, with
// underscores, a key of an experiment file or a manifest.
type Parameter struct {
	Name  string // as the flag, with dashes
	Usage string
	// Set reads the parameter from text. The error is an *[OptionError].
	Set func(o *Options, text string) error
	// Value is an int, uint64, float64, string, bool, []int or []float64.
	Value func(o *Options) any
}

// Key is the parameter's name in an experiment file or a manifest.
func (p Parameter) Key() string { return strings.ReplaceAll(p.Name, "-", "_") }

// Text is the value as Set reads it; lists are joined by commas.
func (p Parameter) Text(o *Options) string {
	switch v := p.Value(o).(type) {
	case []int:
		return joinList(v)
	case []float64:
		return joinList(v)
	default:
		return fmt.Sprint(v)
	}
}

func joinList[T any](list []T) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ","), "[]")
}

// Parameters are all options that are data, in the order of the command's help.
func Parameters() []Parameter {
	return []Parameter{
		intParameter("image-size", "shorter side at which the content is painted, in `PIXELS`", func(o *Options) *int { return &o.ImageSize }),
		{"size", "size of the result, whatever is worked at: its shorter side in `PIXELS`; 0 for the image size", setSize, sizeValue},
		intParameter("style-size", "shorter side of the style picture, in `PIXELS`; 0 for the image size", func(o *Options) *int { return &o.StyleSize }),
		floatParameter("style-scale", "take the style picture larger or smaller by this `FACTOR`", func(o *Options) *float64 { return &o.StyleScale }),
		floatParameter("strength", "`STRENGTH` of style against content, 0 to 1; 0.5 is what the weights say", func(o *Options) *float64 { return &o.Strength }),
		floatParameter("recolor", "`AMOUNT`, 0 to 1, by which the content takes over the style's colours before it is painted", func(o *Options) *float64 { return &o.Recolor }),
		{"keep-colors", "`WAY` to keep the content's colours: off, luma or match",
			setChoice(func(o *Options, text string) { o.KeepColors = KeepColors(text) }),
			func(o *Options) any { return string(o.KeepColors) }},
		intParameter("content-layer", "`LAYER` whose features the content loss compares", func(o *Options) *int { return &o.Objective.Content.Layer }),
		floatParameter("content-weight", "`WEIGHT` of the content loss", func(o *Options) *float64 { return &o.Objective.Content.Weight }),
		{"style-layers", "`LAYERS` whose Gram matrices the style loss compares, as 1,4,5,7",
			setList("style-layers", "a list of layers such as 1,4,5,7", strconv.Atoi, func(o *Options) *[]int { return &o.Objective.Style.Layers }),
			func(o *Options) any { return o.Objective.Style.Layers }},
		{"style-weights", "`WEIGHTS` of the style layers, one each",
			setList("style-weights", "a list of weights such as 450000,2000,20,4", parseFloat, func(o *Options) *[]float64 { return &o.Objective.Style.Weights }),
			func(o *Options) any { return o.Objective.Style.Weights }},
		floatParameter("tv-weight", "`WEIGHT` of the total-variation loss", func(o *Options) *float64 { return &o.Objective.TVWeight }),
		{"gram", "`DIVISOR` of Gram matrices: size (channels x height x width) or none", setGram,
			func(o *Options) any { return o.Objective.Style.Gram.String() }},
		intParameter("scales", "paint coarse to fine in this `NUMBER` of sizes, a factor of sqrt 2 apart; 0 for as many as begin at 128 pixels", func(o *Options) *int { return &o.Scales }),
		intParameter("iterations", "`STEPS` of the optimiser", func(o *Options) *int { return &o.Iterations }),
		{"optimizer", "`METHOD` that moves the pixels: adam or lbfgs",
			setChoice(func(o *Options, text string) { o.Schedule.Method = optimize.Method(text) }),
			func(o *Options) any { return string(o.Schedule.Method) }},
		floatParameter("learning-rate", "learning `RATE` of adam, of lbfgs for its first step", func(o *Options) *float64 { return &o.Schedule.Rate }),
		floatParameter("final-learning-rate", "`RATE` that the learning rate of adam falls to; 0 for none", func(o *Options) *float64 { return &o.Schedule.FinalRate }),
		intParameter("pyramid-levels", "move `LEVELS` of an image pyramid, coarse ones faster; 0 for the pixels themselves", func(o *Options) *int { return &o.Schedule.Levels }),
		floatParameter("average", "`DECAY` of a moving average of the steps; 0 for the last step", func(o *Options) *float64 { return &o.Schedule.Average }),
		floatParameter("pixel-bound", "keep normalised pixels in -`BOUND`..BOUND; 0 for what a picture can show", func(o *Options) *float64 { return &o.Schedule.Bound }),
		intParameter("piece", "evaluate at most `PIXELS` at once, larger pictures piece by piece; 0 for the whole picture", func(o *Options) *int { return &o.Piece }),
		boolParameter("lean", "keep no features of the whole picture while it is evaluated in pieces: less memory, but slower", func(o *Options) *bool { return &o.Lean }),
		{"seed", "`SEED` of the noise", setSeed, func(o *Options) any { return o.Seed }},
		intParameter("depth", "`BITS` per channel of the result, 8 or 16 (PNG and TIFF)", func(o *Options) *int { return &o.Depth }),
		boolParameter("keep-alpha", "make the result as transparent as the content (PNG and TIFF)", func(o *Options) *bool { return &o.KeepAlpha }),
	}
}

// FindParameter returns the parameter of a flag's name or a file's key.
func FindParameter(name string) (Parameter, bool) {
	for _, p := range Parameters() {
		if p.Name == name || p.Key() == name {
			return p, true
		}
	}
	return Parameter{}, false
}

func intParameter(name, usage string, field func(*Options) *int) Parameter {
	set := func(o *Options, text string) error {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return &OptionError{Field: name, Reason: fmt.Sprintf("is %q, must be a whole number", text)}
		}
		*field(o) = n
		return nil
	}
	return Parameter{name, usage, set, func(o *Options) any { return *field(o) }}
}

func floatParameter(name, usage string, field func(*Options) *float64) Parameter {
	set := func(o *Options, text string) error {
		x, err := parseFloat(strings.TrimSpace(text))
		if err != nil {
			return &OptionError{Field: name, Reason: fmt.Sprintf("is %q, must be a number", text)}
		}
		*field(o) = x
		return nil
	}
	return Parameter{name, usage, set, func(o *Options) any { return *field(o) }}
}

// setChoice reads one of several words.
func setChoice(set func(*Options, string)) func(*Options, string) error {
	return func(o *Options, text string) error {
		changed := *o
		set(&changed, text)
		err := changed.checkChoices()
		if err == nil {
			*o = changed
		}
		return err
	}
}

func boolParameter(name, usage string, field func(*Options) *bool) Parameter {
	set := func(o *Options, text string) error {
		b, err := strconv.ParseBool(strings.TrimSpace(text))
		if err != nil {
			return &OptionError{Field: name, Reason: fmt.Sprintf("is %q, must be true or false", text)}
		}
		*field(o) = b
		return nil
	}
	return Parameter{name, usage, set, func(o *Options) any { return *field(o) }}
}

func parseFloat(text string) (float64, error) { return strconv.ParseFloat(text, 64) }

func setList[T any](name, want string, parse func(string) (T, error), field func(*Options) *[]T) func(*Options, string) error {
	return func(o *Options, text string) error {
		list, err := parseList(name, want, parse, text)
		if err == nil {
			*field(o) = list
		}
		return err
	}
}

// parseList reads a list separated by commas; the empty text is the empty list.
func parseList[T any](name, want string, parse func(string) (T, error), text string) ([]T, error) {
	list := []T{}
	for _, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" && strings.TrimSpace(text) == "" {
			break
		}
		x, err := parse(part)
		if err != nil {
			return nil, &OptionError{Field: name, Reason: fmt.Sprintf("is %q, must be %s; %q is not a number", text, want, part)}
		}
		list = append(list, x)
	}
	return list, nil
}

func setSize(o *Options, text string) error {
	size, err := ParseSize(text)
	if err == nil {
		o.Size = size
	}
	return err
}

// sizeValue is a number, but a text if there are two.
func sizeValue(o *Options) any {
	if o.Size.Height == 0 {
		return o.Size.Width
	}
	return o.Size.String()
}

func setGram(o *Options, text string) error {
	for _, g := range []losses.Gram{losses.GramSize, losses.GramNone} {
		if text == g.String() {
			o.Objective.Style.Gram = g
			return nil
		}
	}
	return &OptionError{Field: "gram", Reason: fmt.Sprintf("is %q, must be size or none", text)}
}

func setSeed(o *Options, text string) error {
	seed, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return &OptionError{Field: "seed", Reason: fmt.Sprintf("is %q, must be a whole number from 0 to 18446744073709551615", text)}
	}
	o.Seed = seed
	return nil
}
