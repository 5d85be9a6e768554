package main

import (
	"fmt"
	"image"
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/record"
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
			finishedFlags(), objectiveFlags(), networkFlags(), memoryFlags(byRefusal)),
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
	var values losses.Values
	err = n.lookAt(c, func(m zellige.Model, img, content, style image.Image) error {
		p, err := zellige.PlanEvaluation(n.info, img, content, style, o)
		if err == nil {
			err = checkMemory(c, p)
		}
		if err == nil {
			values, err = p.Evaluate(c.Context, m)
		}
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.App.Writer, "%s\n", record.LossesJSON(values))
	return err
}
