package main

import (
	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/record"
	"zellige/picture"
)

const filesCategory = "Files:"

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
			Usage: "picture `FILE` of the content's shape: white where the style is painted; the first mask is of the first style, and so on, \"\" for none. A style without a mask takes what the masks leave"},
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

// resultFlags name the files that painting writes, say what they hold, and what is
// told meanwhile.
type resultFlags struct {
	output, log, timelapse string
	strip                  bool // of what the content's file and the recipe say
	quiet                  bool
}

func (v *resultFlags) outputFlag() cli.Flag {
	return &cli.StringFlag{Category: filesCategory, Name: "output", Aliases: []string{"o"}, Destination: &v.output,
		Usage: "`FILE` of the result, .png, .jpg or .tif"}
}

func sizeFlag() cli.Flag {
	return parameterFlag(filesCategory, zellige.DefaultOptions(), "size", parameter.Must("size"))
}

// contentFlags say what the file holds of a picture of a content.
func (v *resultFlags) contentFlags() []cli.Flag {
	return append(parameterFlags(filesCategory, zellige.DefaultOptions(), "keep-alpha"), v.textureFlags()...)
}

// textureFlags are those of them that a picture without content has.
func (v *resultFlags) textureFlags() []cli.Flag {
	return append(parameterFlags(filesCategory, zellige.DefaultOptions(), "depth"),
		&cli.BoolFlag{Category: filesCategory, Name: "strip-metadata", Destination: &v.strip, DisableDefaultText: true,
			Usage: "write neither the content's EXIF data (otherwise in PNG and JPEG) nor the recipe (otherwise in PNG)"})
}

// features are those that the format of the result must have.
func features(o *zellige.Options) []picture.Feature {
	var list []picture.Feature
	if o.Depth > 8 {
		list = append(list, picture.SixteenBits)
	}
	if o.KeepAlpha {
		list = append(list, picture.Transparency)
	}
	return list
}

// progressFlags say what is told while a picture is painted.
func (v *resultFlags) progressFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Category: filesCategory, Name: "log", Destination: &v.log,
			Usage: "write the losses of each iteration to `FILE`, one JSON object a line; an earlier file is replaced when the first is known"},
		quietFlag(&v.quiet, "no progress on standard error"),
	}
}

// check refuses what would fail after the work or destroy an input; network is the
// file of the network.
func (v *resultFlags) check(task *record.Task, network string) error {
	inputs := []namedFile{{"model", network}}
	for _, s := range task.Sources {
		inputs = append(inputs, namedFile{zellige.RoleKind(s.Role), s.Path})
	}
	if err := checkApart([]namedFile{{"output", v.output}, {"log", v.log}, {"timelapse", v.timelapse}}, inputs); err != nil {
		return err
	}
	if err := picture.CheckOutput(v.output, features(&task.Options)...); err != nil {
		return &usageError{err.Error(), ""}
	}
	return nil
}
