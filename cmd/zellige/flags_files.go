package main

import (
	"github.com/urfave/cli/v2"

	"zellige"
)

const filesCategory = "Files:"

func contentFileFlag(usage string) cli.Flag {
	return &cli.StringFlag{Category: filesCategory, Name: "content", Usage: "picture `FILE`: " + usage}
}

func styleFileFlag() cli.Flag {
	return &cli.StringFlag{Category: filesCategory, Name: "style", Usage: "picture `FILE`: how it is painted"}
}

func outputFlag() cli.Flag {
	return &cli.StringFlag{Category: filesCategory, Name: "output", Aliases: []string{"o"},
		Usage: "`FILE` of the result, .png, .jpg or .tif"}
}

func sizeFlag() cli.Flag {
	return parameterFlag(filesCategory, zellige.DefaultOptions(), "size", parameter("size"))
}

// reportFlags say what is told while a picture is painted.
func reportFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Category: filesCategory, Name: "log",
			Usage: "write the losses of each iteration to `FILE`, one JSON object a line; an earlier file is replaced when the first is known"},
		&cli.BoolFlag{Category: filesCategory, Name: "quiet", DisableDefaultText: true, Usage: "no progress on standard error"},
	}
}
