package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
	"zellige/runtime"
)

const (
	objectiveCategory = "Objective:"
	paintCategory     = "Optimisation:"
)

// optionFlags are the options that are no parameters.
type optionFlags struct{ preset, quality, init string }

func (v *optionFlags) presetFlag(preset string) cli.Flag {
	return &cli.StringFlag{Category: objectiveCategory, Name: "preset", Destination: &v.preset, Value: preset, DefaultText: preset,
		Usage: "start from the preset `NAME`: " + strings.Join(parameter.Presets(), ", ")}
}

// qualityFlag is of the commands that paint with any preset but lab.
func (v *optionFlags) qualityFlag() cli.Flag {
	return &cli.StringFlag{Category: objectiveCategory, Name: "quality", Destination: &v.quality,
		Usage: "`NAME` of size and effort, not of lab: " + strings.Join(parameter.Qualities(), ", ")}
}

// objectiveFlags say what is asked of a picture. They begin with a preset, which must
// exist.
func (v *optionFlags) objectiveFlags(preset string) []cli.Flag {
	o, _ := zellige.Preset(preset)
	return append([]cli.Flag{v.presetFlag(preset)}, parameterFlags(objectiveCategory, o,
		"image-size", "strength", "content-layer", "content-weight", "style-size", "style-scale", "style-layers", "style-weights", "gram",
		"match-weight", "match-layers", "final-layers", "rotations", "tv-weight",
		"recolor", "coherence", "brushwork", "keep-colors")...)
}

// paintFlags say how a picture is brought to the objective.
func paintFlags(o zellige.Options) []cli.Flag {
	return slices.Concat(parameterFlags(paintCategory, o, "scales"), optimizerFlags(o))
}

// optimizerFlags say how pixels move.
func optimizerFlags(o zellige.Options) []cli.Flag {
	return parameterFlags(paintCategory, o, "iterations", "optimizer", "learning-rate", "final-learning-rate",
		"pyramid-levels", "pixel-bound", "average", "seed", "piece", "lean")
}

// initFlag is of transfer alone: inversion always starts from noise.
func (v *optionFlags) initFlag() cli.Flag {
	value := string(zellige.DefaultOptions().Init)
	return &cli.StringFlag{Category: paintCategory, Name: "init", Destination: &v.init, Value: value, DefaultText: value,
		Usage: "start from content, from noise, or from the picture `FILE`"}
}

func parameterFlags(category string, defaults zellige.Options, names ...string) []cli.Flag {
	var flags []cli.Flag
	for _, name := range names {
		flags = append(flags, parameterFlag(category, defaults, name, parameter.Must(name)))
	}
	return flags
}

// parameterFlag leaves the reading of its value to the parameter, but for those
// that are either on or off.
func parameterFlag(category string, defaults zellige.Options, name string, p parameter.Parameter) cli.Flag {
	if on, ok := p.Value(&defaults).(bool); ok {
		return &cli.BoolFlag{Category: category, Name: name, Value: on, DisableDefaultText: true, Usage: p.Usage}
	}
	value := p.Text(&defaults)
	return &cli.StringFlag{Category: category, Name: name, Value: value, DefaultText: value, Usage: p.Usage}
}

// read turns the flags that were given into options, on top of the preset's for the
// network.
func (v *optionFlags) read(c *cli.Context, flags *networkFlags) (zellige.Options, error) {
	n, err := flags.read()
	if err != nil {
		return zellige.Options{}, err
	}
	o, err := zellige.Preset(v.preset)
	o.ChooseLayers(n.info)
	if err == nil && c.IsSet("quality") {
		err = errors.Join(parameter.CheckQuality(v.preset), o.SetQuality(v.quality))
	}
	if err != nil {
		return o, err
	}
	if c.IsSet("init") {
		if v.init == "" {
			return o, &parameter.Error{Name: "init", Reason: `is "", must be content, noise or a picture file`}
		}
		o.Init = parameter.ParseInit(v.init)
	}
	return parametersOf(c, o, n.info)
}

// initFile is the picture to start from, "" if there is none.
func (v *optionFlags) initFile(o *zellige.Options) string {
	if o.Init != zellige.InitImage {
		return ""
	}
	return v.init
}

// parametersOf changes o by the parameters that were given. It checks how values are
// written; whether they are in range is for [zellige.Options.Check].
func parametersOf(c *cli.Context, o zellige.Options, info *runtime.Info) (zellige.Options, error) {
	for _, p := range parameter.All() {
		if !c.IsSet(p.Name) {
			continue
		}
		text := fmt.Sprint(c.Value(p.Name))
		if p.IsLayers() {
			text = info.Numbered(text)
		}
		if err := p.Set(&o, text); err != nil {
			return o, err
		}
	}
	return o, nil
}
