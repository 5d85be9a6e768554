package main

import (
	"slices"

	"github.com/urfave/cli/v2"
)

func synthesizeCommand() *cli.Command {
	return &cli.Command{
		Name:      "synthesize",
		Usage:     "paint a texture: the style without any content",
		UsageText: "zellige synthesize --style FILE --output FILE [flags]",
		Description: "The texture grows from noise, another for each --seed. Several styles and masks are as\n" +
			"those of zellige transfer.",
		Flags: slices.Concat(
			stylesFlags(), []cli.Flag{textureSizeFlag(), outputFlag(), timelapseFlag()},
			textureFileFlags(), textureFlags(), networkFlags(), reportFlags()),
		Action: synthesize,
	}
}

// textureSizeFlag is --size, but a texture has no shape before it has that.
func textureSizeFlag() cli.Flag {
	return &cli.StringFlag{Category: filesCategory, Name: "size",
		Usage: "size of the texture, `WIDTHxHEIGHT` in pixels, or one number for a square; otherwise that of the preset or the quality"}
}

func synthesize(c *cli.Context) error {
	if err := checkArguments(c, "style", "output"); err != nil {
		return err
	}
	o, err := options(c)
	if err != nil {
		return err
	}
	if o, err = o.Texture(); err != nil {
		return err
	}
	return paintInFrames(c, o, paintPlan)
}
