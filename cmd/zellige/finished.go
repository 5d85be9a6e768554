package main

import (
	"errors"
	"image"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/record"
)

// finishedFlags name the pictures of commands that look at a finished one.
func finishedFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Category: filesCategory, Name: "image", Usage: "picture `FILE`: what is measured"},
		contentFileFlag("what the image should show"), styleFileFlag(),
	}
}

// lookAt reads the pictures and opens the network for as long as work looks at
// them. A content or a style that no flag names is nil.
func (n *network) lookAt(c *cli.Context, work func(m zellige.Model, img, content, style image.Image) error) error {
	var files record.Sources
	var pictures [3]image.Image
	for i, name := range []string{"image", "content", "style"} {
		path := c.String(name)
		files = append(files, record.Source{Role: name, File: path, Path: path})
		var err error
		if pictures[i], err = readPicture(c, path); err != nil {
			return err
		}
	}
	model, err := n.open()
	if err != nil {
		return err
	}
	err = work(model, pictures[0], pictures[1], pictures[2])
	return withFile(errors.Join(err, model.Close()), files)
}
