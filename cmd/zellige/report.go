package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
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
		Usage:     "show a folder of finished runs as one HTML file",
		UsageText: "zellige report FOLDER [flags]",
		ArgsUsage: "FOLDER",
		Description: "The file opens from disk without a network. What it says was measured when the pictures\n" +
			"were painted.",
		Flags: []cli.Flag{
			&cli.StringFlag{Category: resultCategory, Name: "output", Aliases: []string{"o"}, Destination: &v.output,
				Usage: "`FILE` of the report, .html (default: report.html in the folder)"},
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
	folder, err := oneArgument(c)
	if err != nil {
		return err
	}
	output := v.output
	if output == "" {
		output = filepath.Join(folder, "report.html")
	}
	if err := checkReportOutputs(output, v.sheet); err != nil {
		return err
	}
	r, err := report.Read(folder)
	if err != nil {
		return err
	}
	if err := writeReport(r, output); err != nil {
		return err
	}
	if err := writeContactSheet(r, v.sheet); err != nil {
		return err
	}
	v.tell(messages{w: c.App.ErrWriter, quiet: v.quiet}, r, output)
	return nil
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
func (v *reportFlags) tell(to messages, r *report.Report, output string) {
	for _, w := range r.Warnings {
		to.warn(strings.ReplaceAll(w, "\n", "; "))
	}
	size := int64(0)
	if info, err := os.Stat(output); err == nil {
		size = info.Size()
	}
	to.say("wrote %s: %d runs, %.1f MB", output, len(r.Runs), float64(size)/1e6)
}
