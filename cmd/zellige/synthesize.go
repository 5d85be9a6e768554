package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/record"
)

func synthesizeCommand() *cli.Command {
	v := &synthesizeFlags{}
	return &cli.Command{
		Name:      "synthesize",
		Usage:     "paint a texture: the style without any content",
		UsageText: "zellige synthesize PAINTING [flags]\nzellige synthesize --style FILE --output FILE [flags]",
		ArgsUsage: "PAINTING",
		Description: "The texture grows from noise, another for each --seed. Several styles and masks are as\n" +
			"those of zellige transfer.",
		Flags: slices.Concat(
			v.styles.flags(), v.result.outputFlags("painting-texture.png"), []cli.Flag{textureSizeFlag(), v.result.timelapseFlag()}, v.result.textureFlags(),
			v.options.textureFlags(), v.memory.flags(byPieces), v.network.flags(), v.result.progressFlags()),
		Action: v.synthesize,
	}
}

type synthesizeFlags struct {
	styles  styleFlags
	options optionFlags
	paintingFlags
}

// textureSizeFlag is --size, but a texture has no shape before it has that.
func textureSizeFlag() cli.Flag {
	return &cli.StringFlag{Category: resultCategory, Name: "size",
		Usage: "size of the texture, `WIDTHxHEIGHT` in pixels, or one number for a square; otherwise that of the preset or the quality"}
}

// textureFlags are the objective and the optimisation of a texture, which has no
// content.
func (v *optionFlags) textureFlags() []cli.Flag {
	o, _ := zellige.Preset(zellige.TexturePreset)
	flags := append([]cli.Flag{v.presetFlag(zellige.TexturePreset), v.qualityFlag()}, parameterFlags(objectiveCategory, o,
		"style-size", "style-scale", "style-layers", "style-weights", "gram",
		"match-weight", "match-layers", "final-layers", "rotations", "tv-weight", "recolor", "coherence", "brushwork")...)
	return append(flags, paintFlags(o)...)
}

func (v *synthesizeFlags) synthesize(c *cli.Context) error {
	if err := takePictures(c, "style"); err != nil {
		return err
	}
	o, err := v.options.read(c, &v.network)
	if err != nil {
		return err
	}
	if o, err = o.Texture(); err != nil {
		return err
	}
	task := &record.Task{Command: record.Synthesize, Preset: v.options.preset, Options: o}
	if err := v.styles.addTo(task); err != nil {
		return err
	}
	return v.paint(c, task)
}
