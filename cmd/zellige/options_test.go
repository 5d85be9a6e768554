package main

import (
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/parameter"
	"zellige/losses"
)

// optionsOf returns the options that a command line asks for.
func optionsOf(t *testing.T, command *cli.Command, args ...string) (o zellige.Options, err error) {
	t.Helper()
	command.Action = func(c *cli.Context) error {
		var v optionFlags
		v.preset, v.quality, v.init = c.String("preset"), c.String("quality"), c.String("init")
		if o, err = v.read(c, &networkFlags{}); c.Command.Name == "invert" {
			o, err = invertOptions(c, &networkFlags{})
		}
		return nil
	}
	app := newApp(io.Discard, io.Discard)
	app.Commands = []*cli.Command{command}
	if err := app.Run(append([]string{"zellige", command.Name}, args...)); err != nil {
		t.Fatal(err)
	}
	return o, err
}

func TestOptions(t *testing.T) {
	preset := func(name string, change func(*zellige.Options)) zellige.Options {
		o, err := zellige.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		change(&o)
		return o
	}
	lab := func(change func(*zellige.Options)) zellige.Options { return preset("lab", change) }
	layer12 := zellige.InversionOptions()
	layer12.Objective.Content.Layer = 12
	for _, c := range []struct {
		name    string
		command *cli.Command
		args    string
		want    zellige.Options
	}{
		{"no flags", transferCommand(), "", zellige.DefaultOptions()},
		{"no flags of invert", invertCommand(), "", zellige.InversionOptions()},
		{"no flags of evaluate", evaluateCommand(), "", preset("gram", func(*zellige.Options) {})},
		{"no flags of synthesize", synthesizeCommand(), "", preset("texture", func(*zellige.Options) {})},
		{"preset", transferCommand(), "--preset lab", lab(func(*zellige.Options) {})},
		{"quality", transferCommand(), "--quality draft --preset gram",
			preset("gram", func(o *zellige.Options) { _ = o.SetQuality("draft") })},
		{"a flag overrides the quality behind it", transferCommand(), "--preset gram --image-size 100 --quality best",
			preset("gram", func(o *zellige.Options) { _ = o.SetQuality("best"); o.ImageSize = 100 })},
		{"a size of the result", transferCommand(), "--preset lab --size 300", lab(func(o *zellige.Options) { o.Size.Width = 300 })},
		{"a flag overrides the preset behind it", transferCommand(), "--tv-weight 0 --preset lab",
			lab(func(o *zellige.Options) { o.Objective.TVWeight = 0 })},
		{"every flag", transferCommand(),
			"--image-size 1 --style-size 2 --content-layer 3 --content-weight 4e-1 --style-layers 5,6 --style-weights 7,8.5" +
				" --gram none --tv-weight 9 --iterations 10 --init noise --seed 11 --preset lab",
			lab(func(o *zellige.Options) {
				o.ImageSize, o.StyleSize, o.Iterations, o.Init, o.Seed = 1, 2, 10, zellige.InitNoise, 11
				o.Objective = losses.Objective{
					Content:  losses.Content{Layer: 3, Weight: 0.4},
					Style:    losses.Style{Layers: []int{5, 6}, Weights: []float64{7, 8.5}, Gram: losses.GramNone},
					TVWeight: 9,
				}
			})},
		{"a file to start from", transferCommand(), "--init ./noise --preset lab",
			lab(func(o *zellige.Options) { o.Init = zellige.InitImage })},
		{"invert's layer", invertCommand(), "--layer 12", layer12},
	} {
		got, err := optionsOf(t, c.command, strings.Fields(c.args)...)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, %v\nwant %+v", c.name, got, err, c.want)
		}
	}
}

// TestDefaultsOfTheHelp gives every flag the default that the help shows, which
// must change nothing.
func TestDefaultsOfTheHelp(t *testing.T) {
	var v optionFlags
	for _, f := range slices.Concat(v.objectiveFlags("paint"), paintFlags(zellige.DefaultOptions()), []cli.Flag{v.initFlag(), sizeFlag()}) {
		name, value := f.Names()[0], f.(cli.DocGenerationFlag).GetValue()
		if on, ok := f.(*cli.BoolFlag); ok {
			value = strconv.FormatBool(on.Value)
		}
		got, err := optionsOf(t, transferCommand(), "--"+name+"="+value)
		if err != nil || !reflect.DeepEqual(got, zellige.DefaultOptions()) {
			t.Errorf("--%s %s is not the default: %+v, %v", name, value, got, err)
		}
	}
}

func TestTransferHasAFlagForEveryParameter(t *testing.T) {
	for _, p := range parameter.All() {
		if !slices.ContainsFunc(transferCommand().Flags, func(f cli.Flag) bool { return f.Names()[0] == p.Name }) {
			t.Errorf("there is no --%s", p.Name)
		}
	}
}
