package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
)

const (
	objectiveCategory = "Objective:"
	paintCategory     = "Optimisation:"
)

func presetFlag(preset string) cli.Flag {
	return &cli.StringFlag{Category: objectiveCategory, Name: "preset", Value: preset, DefaultText: preset,
		Usage: "start from the values called `NAME`, which other flags change: " + strings.Join(parameter.Presets(), ", ")}
}

// qualityFlag is of the commands that paint with the preset fine or texture.
func qualityFlag() cli.Flag {
	return &cli.StringFlag{Category: objectiveCategory, Name: "quality",
		Usage: "size and iterations of the presets fine and texture, which other flags change: `NAME` " + strings.Join(parameter.Qualities(), ", ")}
}

// objectiveFlags say what is asked of a picture.
func objectiveFlags() []cli.Flag {
	return append([]cli.Flag{presetFlag(parameter.Presets()[0])}, parameterFlags(objectiveCategory, zellige.DefaultOptions(),
		"image-size", "strength", "content-layer", "content-weight", "style-size", "style-scale", "style-layers", "style-weights", "gram", "tv-weight",
		"recolor", "keep-colors")...)
}

// paintFlags say how a picture is brought to the objective.
func paintFlags(o zellige.Options) []cli.Flag {
	return slices.Concat(parameterFlags(paintCategory, o, "scales"), optimizerFlags(o))
}

// optimizerFlags say how pixels move.
func optimizerFlags(o zellige.Options) []cli.Flag {
	return append(parameterFlags(paintCategory, o, "iterations", "optimizer", "learning-rate", "final-learning-rate",
		"pyramid-levels", "pixel-bound", "average", "seed", "piece", "lean"), memoryFlags(byPieces)...)
}

// textureFlags are the objective and the optimisation of a texture, which has no
// content.
func textureFlags() []cli.Flag {
	o, _ := zellige.Preset(zellige.TexturePreset)
	flags := append([]cli.Flag{presetFlag(zellige.TexturePreset), qualityFlag()}, parameterFlags(objectiveCategory, o,
		"style-size", "style-scale", "style-layers", "style-weights", "gram", "tv-weight", "recolor")...)
	return append(flags, paintFlags(o)...)
}

// inversionFlags are the objective and the optimisation of feature inversion,
// which has its own defaults and no style.
func inversionFlags() []cli.Flag {
	o := zellige.InversionOptions()
	flags := []cli.Flag{parameterFlag(objectiveCategory, o, "layer", parameter.Must("content-layer"))} // a shorter name for --content-layer
	flags = append(flags, parameterFlags(objectiveCategory, o, "image-size", "content-weight", "tv-weight")...)
	return append(flags, optimizerFlags(o)...)
}

// initFlag is of transfer alone: inversion always starts from noise.
func initFlag() cli.Flag {
	value := string(zellige.DefaultOptions().Init)
	return &cli.StringFlag{Category: paintCategory, Name: "init", Value: value, DefaultText: value,
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

// options turns the flags that were given into options, on top of the preset's.
func options(c *cli.Context) (zellige.Options, error) {
	o, err := zellige.Preset(c.String("preset"))
	if err == nil && c.IsSet("quality") {
		err = errors.Join(parameter.CheckQuality(c.String("preset")), o.SetQuality(c.String("quality")))
	}
	if err != nil {
		return o, err
	}
	return optionsFrom(c, o)
}

// optionsFrom changes o by the flags that were given. It checks how values are
// written; whether they are in range is for [zellige.Options.Check].
func optionsFrom(c *cli.Context, o zellige.Options) (zellige.Options, error) {
	for _, p := range parameter.All() {
		if !c.IsSet(p.Name) {
			continue
		}
		if err := p.Set(&o, fmt.Sprint(c.Value(p.Name))); err != nil {
			return o, err
		}
	}
	if c.IsSet("init") {
		o.Init = parameter.ParseInit(c.String("init"))
	}
	return o, nil
}

// initFile is the picture to start from, "" if there is none.
func initFile(c *cli.Context, o *zellige.Options) string {
	if o.Init != zellige.InitImage {
		return ""
	}
	return c.String("init")
}
