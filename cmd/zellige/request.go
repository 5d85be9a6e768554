package main

import (
	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/experiment"
)

// newRun is what a command line asks to be painted.
func newRun(c *cli.Context, o zellige.Options) (*experiment.Run, error) {
	run := &experiment.Run{Command: c.Command.Name, Preset: c.String("preset"), Options: o}
	if run.Preset == "" { // only invert has no such flag
		run.Preset = zellige.InversionPreset
	}
	var err error
	if c.IsSet("style-blend") {
		run.Blend, err = zellige.ParseBlend(c.String("style-blend"))
	}
	styles, masks := c.StringSlice("style"), c.StringSlice("mask")
	if err == nil && len(styles) > 0 {
		err = experiment.CheckStyles(len(styles), len(masks), run.Blend)
	}
	addSources(run, "content", c.String("content"))
	addSources(run, "style", styles...)
	addSources(run, "mask", masks...)
	addSources(run, "init", initFile(c, &o))
	return run, err
}

// addSources adds pictures of one kind to a run; "" is none.
func addSources(run *experiment.Run, kind string, files ...string) {
	for i, file := range files {
		if file != "" {
			run.Sources = append(run.Sources, experiment.Source{Role: zellige.Role(kind, i), File: file, Path: file})
		}
	}
}

// paths are where the pictures of a run are, by role.
func paths(run *experiment.Run) map[string]string {
	paths := map[string]string{}
	for _, s := range run.Sources {
		paths[s.Role] = s.Path
	}
	return paths
}
