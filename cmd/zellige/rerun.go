package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/file"
	"zellige/internal/record"
)

func rerunCommand() *cli.Command {
	v := &rerunFlags{}
	return &cli.Command{
		Name:      "rerun",
		Usage:     "paint a picture again from the recipe inside it and say whether the bytes agree",
		UsageText: "zellige rerun PICTURE|MANIFEST [flags]",
		ArgsUsage: "PICTURE|MANIFEST",
		Description: "The pictures that it was painted from are looked for in the folders of --images, where\n" +
			"they were, and beside the picture. The exit code is 0 only if the bytes agree. One that\n" +
			"was interrupted is painted whole, with --output.",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Category: resultCategory, Name: "output", Aliases: []string{"o"}, Destination: &v.output, Usage: "keep the new picture in `FILE`, .png"},
			&cli.StringSliceFlag{Category: filesCategory, Name: "images", Destination: &v.images, Usage: "look for the pictures in `FOLDER`; may be given several times"},
			quietFlag(&v.quiet, "no progress on standard error"),
		}, v.network.flags(), v.memory.flags(byRefusal)),
		Action: v.rerun,
	}
}

type rerunFlags struct {
	output  string
	images  cli.StringSlice
	quiet   bool
	network networkFlags
	memory  memoryFlags
}

func (v *rerunFlags) rerun(c *cli.Context) error {
	path, err := oneArgument(c)
	if err != nil {
		return err
	}
	for _, folder := range v.images.Value() {
		if err := checkImages(folder); err != nil {
			return err
		}
	}
	original, err := record.OpenOriginal(path)
	if err != nil {
		return err
	}
	n, err := v.network.readAs(c, original.Recipe.Graph)
	if err != nil {
		return err
	}
	if err := checkRerunOutput(v.output, path, original.Path); err != nil {
		return err
	}
	if done := original.Recipe.Interrupted; done > 0 && v.output == "" {
		return &usageError{fmt.Sprintf("%q was interrupted after %d iterations, so there is no whole picture to compare with", path, done),
			"--output FILE paints it whole, from the beginning"}
	}
	repetition, err := v.repeat(c, n, original)
	if err != nil {
		return rerunHint(err)
	}
	for _, w := range repetition.Warnings {
		newMessages(c.App.ErrWriter, false).warn(w)
	}
	if original.Recipe.Interrupted > 0 {
		_, err := fmt.Fprintf(c.App.Writer, "painted whole: %s (%s), sha256 %s\n", v.output, sizeOf(repetition.Result.Image), repetition.SHA256)
		return err
	}
	return printRepetition(c.App.Writer, original, repetition)
}

// checkRerunOutput refuses what would replace the original; "" is no output.
func checkRerunOutput(output string, originals ...string) error {
	if output == "" {
		return nil
	}
	if err := record.CheckPNG(output); err != nil {
		return &usageError{err.Error(), ""}
	}
	for _, path := range originals {
		if file.Same(output, path) {
			return &usageError{fmt.Sprintf("--output %q is the picture to compare with; choose another name", output), ""}
		}
	}
	return nil
}

func (v *rerunFlags) repeat(c *cli.Context, n *network, original *record.Original) (*record.Repetition, error) {
	tool, err := n.tool()
	if err != nil {
		return nil, err
	}
	model, err := n.open()
	if err != nil {
		return nil, err
	}
	tool.LibraryVersion = n.libraryVersion
	to := newMessages(c.App.ErrWriter, v.quiet)
	told := progress{messages: to}
	repetition, err := original.Repeat(c.Context, model, record.Repeat{
		Tool: tool, Images: v.images.Value(), Output: v.output,
		Check: func(p *zellige.Plan) error {
			if err := v.memory.check(c, p, to); err != nil {
				return err
			}
			speed, err := announce(c.Context, model, p, 0, to)
			told.Speed = speed
			return err
		},
		Progress: told.step,
	})
	to.clear()
	return repetition, errors.Join(err, model.Close())
}

func rerunHint(err error) error {
	var missing *record.MissingError
	if errors.As(err, &missing) {
		return &hintedError{err, "give its folder with --images FOLDER"}
	}
	return err
}

// printRepetition prints the verdict, and what differs between then and now. Other
// bytes are an error.
func printRepetition(w io.Writer, original *record.Original, r *record.Repetition) error {
	fmt.Fprintln(w, verdict(original, r))
	if len(r.Differences) > 0 {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "WHAT\tTHEN\tNOW")
		for _, d := range r.Differences {
			fmt.Fprintf(t, "%s\t%s\t%s\n", d.Key, cmp.Or(d.Then, "none"), cmp.Or(d.Now, "none"))
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	if !r.SameBytes {
		return errors.New("the picture is not the same bytes")
	}
	return nil
}

func verdict(original *record.Original, r *record.Repetition) string {
	switch {
	case r.SameBytes:
		return fmt.Sprintf("the same bytes: %s, sha256 %s", original.Path, r.SHA256)
	case r.SamePixels:
		return fmt.Sprintf("the same pixels, but other bytes: %s carries another recipe", original.Path)
	case len(r.Differences) == 0:
		return fmt.Sprintf("other bytes: %s, from the same recipe; was the file changed, or the computer's arithmetic?", original.Path)
	}
	return fmt.Sprintf("other bytes: %s; this differs between then and now:", original.Path)
}
