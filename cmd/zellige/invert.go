package main

import (
	"context"
	"errors"
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
)

func invertCommand() *cli.Command {
	return &cli.Command{
		Name:        "invert",
		Usage:       "rebuild a picture from noise, given the features of one layer (feature inversion)",
		UsageText:   "zellige invert --content FILE --layer N --output FILE [flags]",
		Description: "The more of the content can be seen, the more of it the layer keeps.",
		Flags: slices.Concat(
			[]cli.Flag{contentFileFlag("what is rebuilt"), outputFlag(), contentLayerFlag("layer")},
			contentFlags(), paintFlags(), networkFlags(), reportFlags()),
		Action: invert,
	}
}

func invert(c *cli.Context) error {
	if err := checkArguments(c, "content", "output"); err != nil {
		return err
	}
	o, err := options(c)
	if err != nil {
		return err
	}
	err = paint(c, o, func(ctx context.Context, m zellige.Model, p zellige.Pictures, o zellige.Options) (*zellige.Result, error) {
		return zellige.Invert(ctx, m, p.Content, o)
	})
	return renamed(err, "content-layer", "layer")
}

// renamed gives an option the name of this command's flag in an error.
func renamed(err error, option, flag string) error {
	var e *zellige.OptionError
	if errors.As(err, &e) && e.Field == option {
		return &zellige.OptionError{Field: flag, Reason: e.Reason}
	}
	return err
}
