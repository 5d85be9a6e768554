package main

import (
	"encoding/json"
	"image"
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/record"
	"zellige/losses"
)

func evaluateCommand() *cli.Command {
	v := &evaluateFlags{}
	return &cli.Command{
		Name:      "evaluate",
		Usage:     "print the losses of any picture as a JSON object",
		UsageText: "zellige evaluate --image FILE [--content FILE] [--style FILE] [flags]",
		Description: "Without a content or a style picture that loss is left out. The image is resized\n" +
			"as the content is, and its values are not kept in the range that transfer keeps.",
		Flags: slices.Concat(
			v.pictures.flags(), v.options.objectiveFlags(parameter.PresetOf("evaluate")), v.network.flags(), v.memory.flags(byRefusal)),
		Action: v.evaluate,
	}
}

type evaluateFlags struct {
	pictures finishedFlags
	options  optionFlags
	network  networkFlags
	memory   memoryFlags
}

func (v *evaluateFlags) evaluate(c *cli.Context) error {
	if err := checkArguments(c, "image"); err != nil {
		return err
	}
	o, err := v.options.read(c, &v.network)
	if err != nil {
		return err
	}
	n, err := v.network.readFor(&o)
	if err != nil {
		return err
	}
	var values losses.Values
	err = n.lookAt(c, v.pictures.sources(), func(m zellige.Model, img, content, style image.Image) error {
		p, err := zellige.PlanEvaluation(n.info, img, content, style, o)
		if err == nil {
			err = v.memory.check(c, p, newMessages(c.App.ErrWriter, false))
		}
		if err == nil {
			values, err = p.Evaluate(c.Context, m)
		}
		return err
	})
	if err != nil {
		return err
	}
	return json.NewEncoder(c.App.Writer).Encode(record.NewLossSums(values))
}
