package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
)

func transferCommand() *cli.Command {
	return &cli.Command{
		Name:      "transfer",
		Usage:     "paint a picture in the style of another",
		UsageText: "zellige transfer --content FILE --style FILE --output FILE [flags]",
		Description: "The same files, flags and library give the same picture, whatever the number of\n" +
			"threads. Ctrl-C saves the picture as it is and ends; a second one ends at once.",
		Flags: slices.Concat(
			[]cli.Flag{contentFileFlag("what the picture shows")}, stylesFlags(), []cli.Flag{outputFlag(), sizeFlag(), timelapseFlag()}, resultFlags(),
			objectiveFlags(), []cli.Flag{qualityFlag(), initFlag()}, paintFlags(zellige.DefaultOptions()), networkFlags(), reportFlags()),
		Action: transfer,
	}
}

func transfer(c *cli.Context) error {
	if err := checkArguments(c, "content", "style", "output"); err != nil {
		return err
	}
	o, err := options(c)
	if err != nil {
		return err
	}
	return paintInFrames(c, o, paintPlan)
}
