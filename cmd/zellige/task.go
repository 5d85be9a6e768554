package main

import (
	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/record"
)

// newTask is what a command line asks to be painted.
func newTask(c *cli.Context, o zellige.Options) (*record.Task, error) {
	task := &record.Task{Command: c.Command.Name, Preset: c.String("preset"), Options: o}
	if task.Preset == "" { // only invert has no such flag
		task.Preset = zellige.InversionPreset
	}
	var err error
	if c.IsSet("style-blend") {
		task.Blend, err = parameter.ParseBlend(c.String("style-blend"))
	}
	styles, masks := c.StringSlice("style"), c.StringSlice("mask")
	if err == nil && len(styles) > 0 {
		err = record.CheckStyles(len(styles), len(masks), task.Blend)
	}
	addSources(task, record.Content, c.String("content"))
	addSources(task, record.Style, styles...)
	addSources(task, record.Mask, masks...)
	addSources(task, record.Init, initFile(c, &o))
	return task, err
}

// addSources adds pictures of one kind to a task; "" is none.
func addSources(task *record.Task, kind string, files ...string) {
	for i, file := range files {
		if file != "" {
			task.Sources = append(task.Sources, record.Source{Role: zellige.Role(kind, i), File: file, Path: file})
		}
	}
}
