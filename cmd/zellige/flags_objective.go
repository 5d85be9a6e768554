package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/losses"
)

const (
	objectiveCategory = "Objective:"
	paintCategory     = "Optimisation:"
)

// objectiveFlags say what is asked of a picture.
func objectiveFlags() []cli.Flag {
	return append(contentFlags(), styleFlags()...)
}

// contentFlags are the flags of an objective without style, but for the layer.
func contentFlags() []cli.Flag {
	d := zellige.DefaultOptions()
	return []cli.Flag{
		&cli.StringFlag{Category: objectiveCategory, Name: "preset", Value: zellige.PresetNames()[0],
			Usage: "start from the values called `NAME`, which other flags change: " + strings.Join(zellige.PresetNames(), ", ")},
		&cli.IntFlag{Category: objectiveCategory, Name: "image-size", Value: d.ImageSize,
			Usage: "shorter side of the picture, in `PIXELS`"},
		&cli.Float64Flag{Category: objectiveCategory, Name: "content-weight", Value: d.Objective.Content.Weight,
			Usage: "`WEIGHT` of the content loss"},
		&cli.Float64Flag{Category: objectiveCategory, Name: "tv-weight", Value: d.Objective.TVWeight,
			Usage: "`WEIGHT` of the total variation, which smooths"},
	}
}

// contentLayerFlag is --content-layer, or what a command calls it.
func contentLayerFlag(name string) cli.Flag {
	return &cli.IntFlag{Category: objectiveCategory, Name: name, Value: zellige.DefaultOptions().Objective.Content.Layer,
		Usage: "`LAYER` whose features are compared with the content's"}
}

func styleFlags() []cli.Flag {
	d := zellige.DefaultOptions()
	return []cli.Flag{
		contentLayerFlag("content-layer"),
		&cli.IntFlag{Category: objectiveCategory, Name: "style-size", Value: d.StyleSize,
			Usage: "shorter side of the style picture, in `PIXELS`"},
		&cli.StringFlag{Category: objectiveCategory, Name: "style-layers", Value: formatList(d.Objective.Style.Layers),
			Usage: "`LAYERS` whose Gram matrices are compared with the style's"},
		&cli.StringFlag{Category: objectiveCategory, Name: "style-weights", Value: formatList(d.Objective.Style.Weights),
			Usage: "`WEIGHTS` of the style loss, one for each of the layers"},
		&cli.StringFlag{Category: objectiveCategory, Name: "gram", Value: d.Objective.Style.Gram.String(),
			Usage: "divide Gram matrices by `size` (channels x height x width) or by none"},
	}
}

// paintFlags say how a picture is brought to the objective.
func paintFlags() []cli.Flag {
	d := zellige.DefaultOptions()
	return []cli.Flag{
		&cli.IntFlag{Category: paintCategory, Name: "iterations", Value: d.Iterations,
			Usage: "`NUMBER` of steps"},
		&cli.Uint64Flag{Category: paintCategory, Name: "seed", Value: d.Seed,
			Usage: "`NUMBER` that the noise is drawn from"},
	}
}

// initFlag is of transfer alone: inversion always starts from noise.
func initFlag() cli.Flag {
	return &cli.StringFlag{Category: paintCategory, Name: "init", Value: string(zellige.DefaultOptions().Init),
		Usage: "start from content, from noise, or from the picture `FILE`"}
}

// options turns the flags that were given into options, on top of the preset's.
// It checks how values are written; whether they are in range is for
// [zellige.Options.Check].
func options(c *cli.Context) (zellige.Options, error) {
	o, err := zellige.Preset(c.String("preset"))
	if err != nil {
		return o, err
	}
	set(c, "image-size", c.Int, &o.ImageSize)
	set(c, "style-size", c.Int, &o.StyleSize)
	set(c, "content-layer", c.Int, &o.Objective.Content.Layer)
	set(c, "layer", c.Int, &o.Objective.Content.Layer)
	set(c, "content-weight", c.Float64, &o.Objective.Content.Weight)
	set(c, "tv-weight", c.Float64, &o.Objective.TVWeight)
	set(c, "iterations", c.Int, &o.Iterations)
	set(c, "seed", c.Uint64, &o.Seed)
	if c.IsSet("init") {
		o.Init = initOf(c.String("init"))
	}
	return o, setStyle(c, &o.Objective.Style)
}

// set takes over a flag that was given.
func set[T any](c *cli.Context, name string, value func(string) T, to *T) {
	if c.IsSet(name) {
		*to = value(name)
	}
}

// initOf takes whatever is no keyword for a file; ./noise is a file too.
func initOf(value string) zellige.Init {
	switch i := zellige.Init(value); i {
	case zellige.InitContent, zellige.InitNoise:
		return i
	}
	return zellige.InitImage
}

func setStyle(c *cli.Context, s *losses.Style) (err error) {
	if c.IsSet("style-layers") {
		if s.Layers, err = parseList("style-layers", c.String("style-layers"), parseInt); err != nil {
			return err
		}
	}
	if c.IsSet("style-weights") {
		if s.Weights, err = parseList("style-weights", c.String("style-weights"), parseFloat); err != nil {
			return err
		}
	}
	if c.IsSet("gram") {
		s.Gram, err = losses.ParseGram(c.String("gram"))
	}
	return err
}

// initFile is the picture to start from, "" if there is none.
func initFile(c *cli.Context, o *zellige.Options) string {
	if o.Init != zellige.InitImage {
		return ""
	}
	return c.String("init")
}

func formatList[T any](values []T) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(values), " ", ","), "[]")
}
