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
		UsageText: "zellige transfer PHOTO PAINTING [flags]\nzellige transfer PHOTOS... PAINTING [flags]\nzellige transfer --content FILE --style FILE --output FILE [flags]",
		ArgsUsage: "PHOTO PAINTING",
		Description: "PHOTOS are files, folders or patterns in quotes, such as 'photos/*.jpg': each gives a\n" +
			"picture in a folder, and what is there and current is not painted again.\n" +
			"Ctrl-C saves the picture as it is and ends; a second one ends at once.",
		Flags: slices.Concat(
			[]cli.Flag{v.contentsFlag()}, v.styles.flags(),
			v.result.outputFlags("photo-painting.png; of several contents a folder, by default ./painting"), []cli.Flag{sizeFlag(), v.result.timelapseFlag()}, v.result.contentFlags(),
			v.options.objectiveFlags(parameter.PresetOf("transfer")), []cli.Flag{v.options.qualityFlag(), v.options.initFlag()}, paintFlags(zellige.DefaultOptions()),
			v.memory.flags(byPieces), v.network.flags(), v.result.progressFlags()),
		Action: v.transfer,
	}
}

type transferFlags struct {
	contents cli.StringSlice
	styles   styleFlags
	options  optionFlags
	paintingFlags
}

func (v *transferFlags) contentsFlag() cli.Flag {
	return &cli.StringSliceFlag{Category: filesCategory, Name: "content", Destination: &v.contents, KeepSpace: true,
		Usage: "picture `FILE`: what the picture shows; given several times, or a folder or a pattern, each gives a picture"}
}

func (v *transferFlags) transfer(c *cli.Context) error {
	if err := takeContents(c); err != nil {
		return err
	}
	o, err := v.options.read(c, &v.network)
	if err != nil {
		return err
	}
	task := &record.Task{Command: record.Transfer, Preset: v.options.preset, Options: o}
	if err := v.styles.addTo(task); err != nil {
		return err
	}
	addSources(task, record.Init, v.options.initFile(&o))
	names := v.contents.Value()
	contents, err := findContents(names)
	if err != nil {
		return err
	}
	if slices.Equal(contents, names) && len(names) == 1 && !isFolder(v.result.output) {
		return v.paint(c, withContent(task, names[0]))
	}
	return v.paintAll(c, task, names, contents)
}
