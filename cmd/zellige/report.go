package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"zellige/internal/file"
	"zellige/internal/report"
	"zellige/picture"
)

func reportCommand() *cli.Command {
	v := &reportFlags{}
	return &cli.Command{
		Name:      "report",
		Usage:     "show folders of finished runs as one HTML file",
		UsageText: "zellige report FOLDER ... [flags]",
		ArgsUsage: "FOLDER",
		Description: "The file opens from disk without a network. What it says was measured when the pictures\n" +
			"were painted. It holds the pictures; of more than 2000 runs it shows those in their folders.",
		Flags: []cli.Flag{
			&cli.StringFlag{Category: resultCategory, Name: "output", Aliases: []string{"o"}, Destination: &v.output,
				Usage: "`FILE` of the report, .html (default: report.html in the folder, if it is one)"},
			&cli.StringFlag{Category: resultCategory, Name: "contact-sheet", Destination: &v.sheet,
				Usage: "also draw all pictures with labels into `FILE`, .png, .jpg or .tif"},
			quietFlag(&v.quiet, "no messages on standard error but warnings"),
		},
		Action: v.write,
	}
}

type reportFlags struct {
	output, sheet string
	quiet         bool
}

func (v *reportFlags) write(c *cli.Context) error {
	folders := c.Args().Slice()
	output := v.output
	switch {
	case slices.Contains(append(folders, c.Args().First()), ""):
		return &usageError{"FOLDER is missing", usageHint(c)}
	case output == "" && len(folders) > 1:
		return &usageError{"--output is missing: where shall the report of several folders be?", usageHint(c)}
	case output == "":
		output = filepath.Join(folders[0], "report.html")
	}
	if err := checkReportOutputs(output, v.sheet); err != nil {
		return err
	}
	to := newMessages(c.App.ErrWriter, v.quiet)
	r, err := report.Read(func(what string, done, total int) error {
		tellReading(to, what, done, total)
		return c.Context.Err()
	}, folders...)
	if err == nil {
		err = writeReport(r, output)
	}
	to.clear()
	if err == nil {
		err = writeContactSheet(r, v.sheet)
	}
	if errors.Is(err, report.ErrNoRuns) {
		return &hintedError{err, "paint some with zellige run FILE --out FOLDER"}
	}
	if err != nil {
		return err
	}
	v.tell(to, r, output)
	return nil
}

// tellReading says how far the reading is when it takes long.
func tellReading(to *messages, what string, done, total int) {
	text := fmt.Sprintf("%d %s", done, what)
	share := 0.0
	if total > 0 {
		text = fmt.Sprintf("%d of %d %s", done, total, what)
		share = float64(done) / float64(total)
	}
	to.status(share, text)
}

// checkReportOutputs refuses what would fail after the reading.
func checkReportOutputs(output, sheet string) error {
	if e := strings.ToLower(filepath.Ext(output)); e != ".html" && e != ".htm" {
		return &usageError{fmt.Sprintf("--output %q: the ending is %q, must be .html", output, e), ""}
	}
	if sheet == "" {
		return nil
	}
	if err := picture.CheckOutput(sheet); err != nil {
		return &usageError{"--contact-sheet: " + err.Error(), ""}
	}
	return nil
}

func writeReport(r *report.Report, output string) error {
	return file.Replace(output, func(w io.Writer) error { return r.WriteHTML(w, filepath.Dir(output)) })
}

func writeContactSheet(r *report.Report, path string) error {
	if path == "" {
		return nil
	}
	sheet, err := r.ContactSheet()
	if err != nil {
		return err
	}
	return picture.Write(path, sheet)
}

// tell says where the report is, and what it does not show.
func (v *reportFlags) tell(to *messages, r *report.Report, output string) {
	const most = 20
	for _, w := range r.Warnings[:min(most, len(r.Warnings))] {
		to.warn(strings.ReplaceAll(w, "\n", "; "))
	}
	if more := len(r.Warnings) - most; more > 0 {
		to.warn(fmt.Sprintf("%d more things are not shown; the report lists all", more))
	}
	size := int64(0)
	if info, err := os.Stat(output); err == nil {
		size = info.Size()
	}
	to.say("wrote %s: %d runs, %.1f MB", output, len(r.Runs), float64(size)/1e6)
}
