package main

import (
	"encoding/json"
	"fmt"
	"image"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/measure"
)

func measureCommand() *cli.Command {
	v := &measureFlags{}
	return &cli.Command{
		Name:      "measure",
		Usage:     "say how near a picture is to its style and content, and how clean it is",
		UsageText: "zellige measure --image FILE [--content FILE] [--style FILE] [flags]",
		Description: "Without a content or a style picture, what needs it is left out. The content is\n" +
			"resized to the image, and of the style the shorter side is made as long as the image's.",
		Flags: slices.Concat(
			v.pictures.flags(),
			[]cli.Flag{&cli.BoolFlag{Category: resultCategory, Name: "json", Destination: &v.json, DisableDefaultText: true, Usage: "print a JSON object instead of a table"}},
			v.network.flags()),
		Action: v.measure,
	}
}

type measureFlags struct {
	pictures finishedFlags
	json     bool
	network  networkFlags
}

func (v *measureFlags) measure(c *cli.Context) error {
	if err := checkArguments(c, "image"); err != nil {
		return err
	}
	n, err := v.network.read()
	if err != nil {
		return err
	}
	var values measure.Values
	err = n.lookAt(c, v.pictures.sources(), func(m zellige.Model, img, content, style image.Image) (err error) {
		values, err = measure.All(c.Context, m, img, content, style)
		return err
	})
	if err != nil {
		return err
	}
	if v.json {
		return json.NewEncoder(c.App.Writer).Encode(values)
	}
	return printMeasures(c.App.Writer, values)
}

// printMeasures prints what was measured, a line each.
func printMeasures(w io.Writer, v measure.Values) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "MEASURE\tVALUE\tMEANING")
	for _, line := range []struct {
		name    string
		value   *float64
		meaning string
	}{
		{"style_9", v.Style9, "distance to the style at layer 9; 1 as far as the content, 0 reached"},
		{"style_12", v.Style12, "the same at layer 12"},
		{"nearest_5", v.Nearest5, "distance to the style's nearest features at layer 5; 0 the style's own"},
		{"nearest_11", v.Nearest11, "the same at layer 11"},
		{"content", v.Content, "distance to the content; 0 the same, 2 nothing in common"},
		{"structure_11", v.Structure11, "distance to the content's structure at layer 11; 0 the same"},
		{"ssim", v.SSIM, "structure of the content; 1 kept, 0 lost"},
		{"detail", v.Detail, "share of the content's edges; 1 all, less where blurred, 0 none"},
		{"color", v.Color, "distance to the style's colours; 0 the same, 1 black against white"},
		{"color_content", v.ColorContent, "distance to the content's colours"},
		{"tv", &v.TV, "total variation; photographs and paintings .03 to .2, noise more"},
		{"checker", &v.Checker, "checkerboard; photographs and paintings .05 to .25, white noise .5"},
	} {
		if line.value != nil {
			fmt.Fprintf(t, "%s\t%.4f\t%s\n", line.name, *line.value, line.meaning)
		}
	}
	return t.Flush()
}
