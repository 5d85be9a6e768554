package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"zellige/models"
	"zellige/runtime"
)

func layersCommand() *cli.Command {
	v := &layersFlags{}
	return &cli.Command{
		Name:      "layers",
		Usage:     "list the network's layers",
		UsageText: "zellige layers [--json]",
		Flags:     []cli.Flag{modelFlag(&v.model), &cli.BoolFlag{Name: "json", Destination: &v.json, Usage: "print a JSON array", DisableDefaultText: true}},
		Action:    v.list,
	}
}

type layersFlags struct {
	model string
	json  bool
}

// layer is what is told of a layer. Sizes are in pixels of the picture, per side.
type layer struct {
	Index           int    `json:"index"`
	Name            string `json:"name"`
	Label           string `json:"label"`
	Channels        int    `json:"channels"`
	Stride          int    `json:"stride"`
	ReceptiveField  int    `json:"receptive_field"`
	SmallestPicture int    `json:"smallest_picture"`
}

func (v *layersFlags) list(c *cli.Context) error {
	if err := checkArguments(c); err != nil {
		return err
	}
	_, info, err := readModel(v.model, models.SqueezeNet)
	if err != nil {
		return err
	}
	list := describeLayers(info)
	if v.json {
		e := json.NewEncoder(c.App.Writer)
		e.SetIndent("", "  ")
		return e.Encode(list)
	}
	return printLayers(c.App.Writer, list)
}

func describeLayers(info *runtime.Info) []layer {
	list := make([]layer, len(info.Layers))
	for i, l := range info.Layers {
		list[i] = layer{l.Index, l.Name, l.Label, l.Channels, l.Stride, l.ReceptiveField, info.MinimumSize(i)}
	}
	return list
}

func printLayers(w io.Writer, list []layer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "LAYER\tNAME\tCHANNELS\tSTRIDE\tRECEPTIVE FIELD\tSMALLEST PICTURE")
	for _, l := range list {
		fmt.Fprintf(t, "%d\t%s\t%d\t%d\t%d\t%d\n", l.Index, l.Label, l.Channels, l.Stride, l.ReceptiveField, l.SmallestPicture)
	}
	return t.Flush()
}
