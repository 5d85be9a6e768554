package main

import (
	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/record"
)

const (
	filesCategory  = "Pictures:"
	resultCategory = "Result:"
)

func contentFileFlag(file *string, usage string) cli.Flag {
	return &cli.StringFlag{Category: filesCategory, Name: "content", Destination: file, Usage: "picture `FILE`: " + usage}
}

// styleFlags name the styles, how much each counts, and where.
type styleFlags struct {
	styles, masks cli.StringSlice
	blend         string
}

func (v *styleFlags) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Category: filesCategory, Name: "style", Destination: &v.styles, KeepSpace: true,
			Usage: "picture `FILE`: how it is painted; given several times, a blend of styles"},
		&cli.StringFlag{Category: filesCategory, Name: "style-blend", Destination: &v.blend,
			Usage: "`WEIGHTS` of several styles against each other, one each, as 3,1; otherwise equal"},
		&cli.StringSliceFlag{Category: filesCategory, Name: "mask", Destination: &v.masks, KeepSpace: true,
			Usage: "for each style in turn, picture `FILE`: white where it is painted; \"\" is what others leave"},
	}
}

// addTo adds the styles to a task.
func (v *styleFlags) addTo(task *record.Task) (err error) {
	task.Blend, err = parameter.ParseBlend(v.blend)
	if err == nil {
		err = record.CheckStyles(len(v.styles.Value()), len(v.masks.Value()), task.Blend)
	}
	addSources(task, record.Style, v.styles.Value()...)
	addSources(task, record.Mask, v.masks.Value()...)
	return err
}

// addSources adds pictures of one kind to a task; "" is none.
func addSources(task *record.Task, kind string, files ...string) {
	for i, file := range files {
		if file != "" {
			task.Sources = append(task.Sources, record.Source{Role: zellige.Role(kind, i), File: file, Path: file})
		}
	}
}
