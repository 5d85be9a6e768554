package main

import (
	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
	"zellige/picture"
)

const filesCategory = "Files:"

func contentFileFlag(usage string) cli.Flag {
	return &cli.StringFlag{Category: filesCategory, Name: "content", Usage: "picture `FILE`: " + usage}
}

func styleFileFlag() cli.Flag {
	return &cli.StringFlag{Category: filesCategory, Name: "style", Usage: "picture `FILE`: how it is painted"}
}

// stylesFlags name the styles, how much each counts, and where.
func stylesFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Category: filesCategory, Name: "style", KeepSpace: true,
			Usage: "picture `FILE`: how it is painted; given several times, a blend of styles"},
		&cli.StringFlag{Category: filesCategory, Name: "style-blend",
			Usage: "`WEIGHTS` of several styles against each other, one each, as 3,1; otherwise equal"},
		&cli.StringSliceFlag{Category: filesCategory, Name: "mask", KeepSpace: true,
			Usage: "picture `FILE` of the content's shape: white where the style is painted; the first mask is of the first style, and so on, \"\" for none. A style without a mask takes what the masks leave"},
	}
}

func outputFlag() cli.Flag {
	return &cli.StringFlag{Category: filesCategory, Name: "output", Aliases: []string{"o"},
		Usage: "`FILE` of the result, .png, .jpg or .tif"}
}

func sizeFlag() cli.Flag {
	return parameterFlag(filesCategory, zellige.DefaultOptions(), "size", parameter.Must("size"))
}

// stripFlag keeps what the content's file and the recipe say out of the result's.
const stripFlag = "strip-metadata"

// resultFlags say what the file of the result holds of a picture of any size.
func resultFlags() []cli.Flag {
	return append(parameterFlags(filesCategory, zellige.DefaultOptions(), "keep-alpha"), textureFileFlags()...)
}

// textureFileFlags are those of them that a picture without content has.
func textureFileFlags() []cli.Flag {
	return append(parameterFlags(filesCategory, zellige.DefaultOptions(), "depth"),
		&cli.BoolFlag{Category: filesCategory, Name: stripFlag, DisableDefaultText: true,
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

// reportFlags say what is told while a picture is painted.
func reportFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Category: filesCategory, Name: "log",
			Usage: "write the losses of each iteration to `FILE`, one JSON object a line; an earlier file is replaced when the first is known"},
		&cli.BoolFlag{Category: filesCategory, Name: "quiet", DisableDefaultText: true, Usage: "no progress on standard error"},
	}
}
