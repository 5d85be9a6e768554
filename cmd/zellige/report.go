package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"zellige/internal/file"
	reports "zellige/internal/report"
	"zellige/picture"
)

func reportCommand() *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "show a folder of finished runs as one HTML file",
		UsageText: "zellige report FOLDER [flags]",
		ArgsUsage: "FOLDER",
		Description: "The file opens from disk without a network. What it says was measured when the pictures\n" +
			"were painted.",
		Flags: []cli.Flag{
			&cli.StringFlag{Category: filesCategory, Name: "output", Aliases: []string{"o"},
				Usage: "`FILE` of the report, .html (default: report.html in the folder)"},
			&cli.StringFlag{Category: filesCategory, Name: "contact-sheet",
				Usage: "also draw all pictures with labels into `FILE`, .png, .jpg or .tif"},
			&cli.BoolFlag{Category: filesCategory, Name: "quiet", DisableDefaultText: true, Usage: "no messages on standard error but warnings"},
		},
		Action: reportFolder,
	}
}

func reportFolder(c *cli.Context) error {
	folder, err := oneArgument(c)
	if err != nil {
		return err
	}
	output := c.String("output")
	if output == "" {
		output = filepath.Join(folder, "report.html")
	}
	if err := checkReportOutputs(output, c.String("contact-sheet")); err != nil {
		return err
	}
	r, err := reports.Read(folder)
	if err != nil {
		return err
	}
	if err := writeReport(r, output); err != nil {
		return err
	}
	if err := writeContactSheet(r, c.String("contact-sheet")); err != nil {
		return err
	}
	tellReport(c, r, output)
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

func writeReport(r *reports.Report, output string) error {
	return file.Replace(output, func(w io.Writer) error { return r.WriteHTML(w, filepath.Dir(output)) })
}

func writeContactSheet(r *reports.Report, path string) error {
	if path == "" {
		return nil
	}
	sheet, err := r.ContactSheet()
	if err != nil {
		return err
	}
	return picture.Write(path, sheet)
}

// tellReport says where the report is, and what it does not show.
func tellReport(c *cli.Context, r *reports.Report, output string) {
	for _, w := range r.Warnings {
		warn(c, strings.ReplaceAll(w, "\n", "; "))
	}
	if c.Bool("quiet") {
		return
	}
	size := int64(0)
	if info, err := os.Stat(output); err == nil {
		size = info.Size()
	}
	fmt.Fprintf(c.App.ErrWriter, "zellige: wrote %s: %d runs, %.1f MB\n", output, len(r.Runs), float64(size)/1e6)
}
