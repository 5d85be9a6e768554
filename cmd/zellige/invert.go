package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/record"
)

func invertCommand() *cli.Command {
	v := &invertFlags{}
	return &cli.Command{
		Name:        "invert",
		Usage:       "rebuild a picture from noise, given the features of one layer (feature inversion)",
		UsageText:   "zellige invert PHOTO [flags]\nzellige invert --content FILE --layer N --output FILE [flags]",
		ArgsUsage:   "PHOTO",
		Description: "The more of the content can be seen, the more of it the layer keeps.",
		Flags: slices.Concat(
			[]cli.Flag{contentFileFlag(&v.content, "what is rebuilt")}, v.result.outputFlags("photo-layer-3.png"), []cli.Flag{sizeFlag()}, v.result.contentFlags(),
			inversionFlags(), v.memory.flags(byPieces), v.network.flags(), v.result.progressFlags()),
		Action: v.invert,
	}
}

type invertFlags struct {
	content string
	paintingFlags
}

// layerFlag is a shorter name for --content-layer.
const layerFlag = "layer"

// inversionFlags are the objective and the optimisation of feature inversion,
// which has its own defaults and no style.
func inversionFlags() []cli.Flag {
	o := zellige.InversionOptions()
	flags := []cli.Flag{parameterFlag(objectiveCategory, o, layerFlag, parameter.Must("content-layer"))}
	flags = append(flags, parameterFlags(objectiveCategory, o, "image-size", "content-weight", "tv-weight")...)
	return append(flags, optimizerFlags(o)...)
}

func (v *invertFlags) invert(c *cli.Context) error {
	if err := takePictures(c, "content"); err != nil {
		return err
	}
	o, err := invertOptions(c, &v.network)
	if err != nil {
		return layerNamed(err)
	}
	task := &record.Task{Command: record.Invert, Preset: zellige.InversionPreset, Options: o}
	addSources(task, record.Content, v.content)
	return layerNamed(v.paint(c, task))
}

func invertOptions(c *cli.Context, flags *networkFlags) (zellige.Options, error) {
	n, err := flags.read()
	if err != nil {
		return zellige.Options{}, err
	}
	o, err := parametersOf(c, zellige.InversionOptions(), n.info)
	if err == nil && c.IsSet(layerFlag) {
		err = parameter.Must("content-layer").Set(&o, n.info.Numbered(c.String(layerFlag)))
	}
	return o, err
}

// layerNamed gives the content layer the name of this command's flag in an error.
func layerNamed(err error) error {
	if e := parameter.ErrorIn(err); e != nil && e.Name == "content-layer" {
		return &parameter.Error{Name: layerFlag, Reason: e.Reason}
	}
	return err
}
