package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/experiment"
	"zellige/losses"
)

func evaluateCommand() *cli.Command {
	return &cli.Command{
		Name:      "evaluate",
		Usage:     "print the losses of any picture as a JSON object",
		UsageText: "zellige evaluate --image FILE [--content FILE] [--style FILE] [flags]",
		Description: "Without a content or a style picture that loss is left out. The image is resized\n" +
			"as the content is, and its values are not kept in the range that transfer keeps.",
		Flags: slices.Concat(
			[]cli.Flag{
				&cli.StringFlag{Category: filesCategory, Name: "image", Usage: "picture `FILE`: what is measured"},
				contentFileFlag("what the image should show"), styleFileFlag(),
			},
			objectiveFlags(), networkFlags()),
		Action: evaluate,
	}
}

func evaluate(c *cli.Context) error {
	if err := checkArguments(c, "image"); err != nil {
		return err
	}
	o, err := options(c)
	if err != nil {
		return err
	}
	n, err := readNetwork(c)
	if err != nil {
		return err
	}
	if err := o.Check(len(n.info.Layers)); err != nil {
		return err
	}
	values, err := n.evaluate(c, o)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.App.Writer, "%s\n", experiment.LossesJSON(values))
	return err
}

func (n *network) evaluate(c *cli.Context, o zellige.Options) (v losses.Values, err error) {
	paths := map[string]string{"image": c.String("image"), "content": c.String("content"), "style": c.String("style")}
	image, err := readPicture(c, paths["image"])
	if err != nil {
		return v, err
	}
	content, err := readPicture(c, paths["content"])
	if err != nil {
		return v, err
	}
	style, err := readPicture(c, paths["style"])
	if err != nil {
		return v, err
	}
	model, err := n.open()
	if err != nil {
		return v, err
	}
	v, err = zellige.Evaluate(c.Context, model, image, content, style, o)
	return v, withFile(errors.Join(err, model.Close()), paths)
}
