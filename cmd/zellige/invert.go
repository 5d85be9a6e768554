package main

import (
	"errors"
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
)

func invertCommand() *cli.Command {
	return &cli.Command{
		Name:        "invert",
		Usage:       "rebuild a picture from noise, given the features of one layer (feature inversion)",
		UsageText:   "zellige invert --content FILE --layer N --output FILE [flags]",
		Description: "The more of the content can be seen, the more of it the layer keeps.",
		Flags: slices.Concat(
			[]cli.Flag{contentFileFlag("what is rebuilt"), outputFlag(), sizeFlag()}, resultFlags(),
			inversionFlags(), networkFlags(), reportFlags()),
		Action: invert,
	}
}

func invert(c *cli.Context) error {
	if err := checkArguments(c, "content", "output"); err != nil {
		return err
	}
	o, err := invertOptions(c)
	if err != nil {
		return layerNamed(err)
	}
	return layerNamed(paint(c, o, paintPlan))
}

func invertOptions(c *cli.Context) (zellige.Options, error) {
	o, err := optionsFrom(c, zellige.InversionOptions())
	if err == nil && c.IsSet("layer") {
		err = parameter.Must("content-layer").Set(&o, c.String("layer"))
	}
	return o, err
}

// layerNamed gives the content layer the name of this command's flag in an error.
func layerNamed(err error) error {
	var e *zellige.OptionError
	if errors.As(err, &e) && e.Field == "content-layer" {
		return &zellige.OptionError{Field: "layer", Reason: e.Reason}
	}
	return err
}
