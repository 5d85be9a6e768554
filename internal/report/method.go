package report

import (
	"fmt"
	"slices"
	"strings"

	"zellige/internal/record"
)

// method is what the page says of how the pictures were painted.
type method struct {
	Transfers, Inverts bool
	Matches            bool        // the style is looked for place by place
	Iterations         int         // of the run that is drawn
	Layers             []layerMark // none if the network is not SqueezeNet
	Content, Style     string      // layers with losses, as text
	Example            string      // the run whose losses are drawn
}

// layerMark is a layer in the drawing of the network.
type layerMark struct {
	Index          int
	Name           string
	X, Top, Height int // in units of the drawing
	Content, Style bool
}

// The layers of SqueezeNet 1.1 as its features are counted.
var squeezeNet = strings.Fields("conv relu pool fire fire pool fire fire pool fire fire fire fire")

// method describes the reference of the first sweep, or else the first run.
func (r *Report) method(units []unit) method {
	example := r.Runs[0]
	if i := slices.IndexFunc(units, func(u unit) bool { return u.Sweep != nil && u.Reference != nil }); i >= 0 {
		example = units[i].Reference
	}
	told := example.manifest()
	o := told.Options.Objective
	m := method{Matches: o.Matches(), Iterations: told.Iterations, Example: example.ID,
		Inverts: r.totals.commands[record.Invert], Transfers: r.totals.commands[record.Transfer]}
	style := o.Style.Layers
	if m.Matches {
		style = o.Match.Layers
	}
	hasContent := !m.Matches && o.Content.Weight > 0 && told.Recipe.Command != record.Synthesize
	if hasContent {
		m.Content = fmt.Sprint(o.Content.Layer)
	}
	m.Style = strings.Trim(strings.ReplaceAll(fmt.Sprint(style), " ", ", "), "[]")
	if told.Measures == nil || len(told.Measures.Layers) != len(squeezeNet)-1 {
		return m
	}
	height := 92
	for i, name := range squeezeNet {
		if name == "pool" {
			height -= 14
		}
		m.Layers = append(m.Layers, layerMark{Index: i, Name: name, X: 42 + 24*i, Top: 110 - height/2, Height: height,
			Content: hasContent && i == o.Content.Layer, Style: slices.Contains(style, i)})
	}
	return m
}
