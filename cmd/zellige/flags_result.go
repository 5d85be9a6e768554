package main

import (
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/record"
	"zellige/picture"
)

// resultFlags name the files that painting writes, say what they hold, and what is
// told meanwhile.
type resultFlags struct {
	output, log, timelapse string
	format                 string // of standard output, or of a result whose name nobody gave
	isOurs                 bool   // the name of the output: nobody gave one
	isOneOfMany            bool   // what is there by the name of the output counts as done
	overwrite              bool
	strip                  bool // of what the content's file and the recipe say
	quiet                  bool
	view                   viewFlag
}

// outputFlags say where the result goes; without shows where it goes without them.
func (v *resultFlags) outputFlags(without string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Category: resultCategory, Name: "output", Aliases: []string{"o"}, Destination: &v.output,
			Usage: "`FILE` of the result, .png, .jpg or .tif, replaced if it is there, or - for standard output; by default ./" + without},
		&cli.BoolFlag{Category: resultCategory, Name: "overwrite", Destination: &v.overwrite, DisableDefaultText: true,
			Usage: "replace what is there also where --output names no file"},
		&cli.StringFlag{Category: resultCategory, Name: "format", Destination: &v.format,
			Usage: "`FORMAT` of standard output, or of results that --output does not name: " + strings.Join(picture.Formats(), ", ")},
	}
}

// contentFlags say what the file holds of a picture of a content.
func (v *resultFlags) contentFlags() []cli.Flag {
	return append(parameterFlags(resultCategory, zellige.DefaultOptions(), "keep-alpha"), v.textureFlags()...)
}

// textureFlags are those of them that a picture without content has.
func (v *resultFlags) textureFlags() []cli.Flag {
	return append(parameterFlags(resultCategory, zellige.DefaultOptions(), "depth"),
		&cli.BoolFlag{Category: resultCategory, Name: "strip-metadata", Destination: &v.strip, DisableDefaultText: true,
			Usage: "write neither the content's EXIF data (otherwise in PNG and JPEG) nor the recipe (otherwise in PNG)"})
}

// progressFlags say what is told while a picture is painted.
func (v *resultFlags) progressFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Category: resultCategory, Name: "log", Destination: &v.log,
			Usage: "write the losses of each iteration to `FILE`, one JSON object a line; an earlier file is replaced at the end"},
		quietFlag(&v.quiet, "no progress on standard error"),
		v.view.flag(resultCategory),
	}
}

func sizeFlag() cli.Flag {
	return parameterFlag(resultCategory, zellige.DefaultOptions(), "size", parameter.Must("size"))
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

// check refuses what would fail after the work or destroy an input; network is the
// file of the network.
func (v *resultFlags) check(c *cli.Context, task *record.Task, network string) error {
	if err := checkStandardInput(c.App.Reader, task.Sources); err != nil {
		return err
	}
	if err := v.nameOutput(c.IsSet("output"), task); err != nil {
		return err
	}
	inputs := inputFiles(network, task.Sources)
	if err := checkApart([]namedFile{fileOf("output", v.output), fileOf("log", v.log), fileOf("timelapse", v.timelapse)}, inputs); err != nil {
		return err
	}
	if v.output == standardStream {
		return checkStandardOutput(c.App.Writer, v.format, features(&task.Options))
	}
	if err := picture.CheckOutput(v.output, features(&task.Options)...); err != nil {
		return &usageError{err.Error(), ""}
	}
	return nil
}

// nameOutput gives a result a name that nobody gave one. Nothing is lost by such a
// name, since nobody asked for that.
func (v *resultFlags) nameOutput(isNamed bool, task *record.Task) error {
	if isNamed {
		if v.format != "" && v.output != standardStream {
			return &usageError{"--format is for standard output, and for results without --output", fmt.Sprintf("the ending of %q says the format", v.output)}
		}
		return nil
	}
	ending, err := endingOf(v.format)
	if err != nil {
		return err
	}
	v.isOurs, v.output = true, resultName(task)+ending
	if _, err := os.Lstat(v.output); err == nil && !v.overwrite {
		return &usageError{fmt.Sprintf("the result would be %q, which is there already", v.output), "--overwrite replaces it, --output FILE gives another name"}
	}
	return nil
}

// endings are those of results that nobody named, by format.
var endings = map[string]string{"png": ".png", "jpeg": ".jpg", "tiff": ".tif"}

// endingOf is that of a format, which must have the features; "" is PNG.
func endingOf(format string, features ...picture.Feature) (string, error) {
	if format == "" {
		format = "png"
	}
	if err := picture.CheckFormat(format, features...); err != nil {
		return "", &usageError{fmt.Sprintf("--format: %v", err), ""}
	}
	return endings[format], nil
}

// carriesRecipe reports whether the format of the result carries text.
func (v *resultFlags) carriesRecipe() bool {
	if v.output == standardStream {
		return v.format == "png"
	}
	return strings.EqualFold(filepath.Ext(v.output), ".png")
}

// setAside gives what is not the result after all another name, where one that is there
// counts as done.
func (v *resultFlags) setAside() {
	if v.isOneOfMany {
		ending := filepath.Ext(v.output)
		v.output, v.overwrite = strings.TrimSuffix(v.output, ending)+"-unfinished"+ending, false
	}
}

// write writes the result and says where it is now.
func (v *resultFlags) write(stdout io.Writer, img image.Image, meta picture.Metadata) (where string, err error) {
	switch {
	case v.output == standardStream:
		return standardOutput, writeStandardOutput(stdout, v.format, img, meta)
	case v.isOurs && !v.overwrite:
		return writeNew(v.output, img, meta)
	}
	return v.output, writePicture(v.output, img, meta)
}

// writeNew is writePicture with a number in the name if a file has come there since
// the work began.
func writeNew(path string, img image.Image, meta picture.Metadata) (where string, err error) {
	where, err = claim(path)
	if err != nil {
		return path, writePicture(path, img, meta) // which says why not
	}
	if err = writePicture(where, img, meta); err != nil {
		_ = os.Remove(where) // it is empty
	}
	return where, err
}

// claim makes an empty file where none was: at path, or at path with a number.
func claim(path string) (string, error) {
	ending := filepath.Ext(path)
	for name, n := path, 2; ; n++ {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil {
			return name, f.Close()
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ending), n, ending)
	}
}
