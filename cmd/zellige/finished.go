package main

import (
	"errors"
	"image"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/record"
)

// finishedFlags name the pictures of commands that look at a finished one.
type finishedFlags struct{ image, content, style string }

func (v *finishedFlags) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Category: filesCategory, Name: "image", Destination: &v.image, Usage: "picture `FILE`: what is measured"},
		contentFileFlag(&v.content, "what the image should show"),
		&cli.StringFlag{Category: filesCategory, Name: "style", Destination: &v.style, Usage: "picture `FILE`: how it is painted"},
	}
}

// sources are the three pictures; the path of one that no flag names is "".
func (v *finishedFlags) sources() record.Sources {
	return record.Sources{
		{Role: "image", File: v.image, Path: v.image},
		{Role: record.Content, File: v.content, Path: v.content},
		{Role: record.Style, File: v.style, Path: v.style},
	}
}

// lookAt reads the pictures and opens the network for as long as look looks at
// them. A content or a style that no flag names is nil.
func (n *network) lookAt(c *cli.Context, files record.Sources, look func(m zellige.Model, img, content, style image.Image) error) error {
	var pictures [3]image.Image
	for i, s := range files {
		var err error
		if pictures[i], err = readPicture(c, s.Path); err != nil {
			return err
		}
	}
	model, err := n.open()
	if err != nil {
		return err
	}
	err = look(model, pictures[0], pictures[1], pictures[2])
	return withFile(errors.Join(err, model.Close()), files)
}
