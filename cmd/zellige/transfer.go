package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/record"
)

func transferCommand() *cli.Command {
	v := &transferFlags{}
	return &cli.Command{
		Name:      "transfer",
		Usage:     "paint a picture in the style of another",
		UsageText: "zellige transfer PHOTO PAINTING [flags]\nzellige transfer --content FILE --style FILE --output FILE [flags]",
		ArgsUsage: "PHOTO PAINTING",
		Description: "The same files, flags and library give the same picture, whatever the number of\n" +
			"threads. Ctrl-C saves the picture as it is and ends; a second one ends at once.",
		Flags: slices.Concat(
			[]cli.Flag{contentFileFlag(&v.content, "what the picture shows")}, v.styles.flags(),
			v.result.outputFlags("photo-painting.png"), []cli.Flag{sizeFlag(), v.result.timelapseFlag()}, v.result.contentFlags(),
			v.options.objectiveFlags(parameter.PresetOf("transfer")), []cli.Flag{v.options.qualityFlag(), v.options.initFlag()}, paintFlags(zellige.DefaultOptions()),
			v.memory.flags(byPieces), v.network.flags(), v.result.progressFlags()),
		Action: v.transfer,
	}
}

type transferFlags struct {
	content string
	styles  styleFlags
	options optionFlags
	paintingFlags
}

func (v *transferFlags) transfer(c *cli.Context) error {
	if err := takePictures(c, "content", "style"); err != nil {
		return err
	}
	o, err := v.options.read(c)
	if err != nil {
		return err
	}
	task := &record.Task{Command: record.Transfer, Preset: v.options.preset, Options: o}
	addSources(task, record.Content, v.content)
	if err := v.styles.addTo(task); err != nil {
		return err
	}
	addSources(task, record.Init, v.options.initFile(&o))
	return v.paint(c, task)
}
