package main

import (
	"io"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestEveryFlagOfOneValueOnce gives each flag of each command twice.
func TestEveryFlagOfOneValueOnce(t *testing.T) {
	app := newApp(io.Discard, io.Discard)
	tried := 0
	for _, c := range app.Commands {
		for _, f := range c.Flags {
			spelled := dashed(f.Names()[0])
			_, isBool := f.(*cli.BoolFlag)
			_, isSlice := f.(*cli.StringSliceFlag)
			for _, args := range [][]string{
				{spelled, "a", spelled, "b"}, {spelled + "=a", spelled, "b"}, {spelled, spelled, spelled + "=" + spelled},
			} {
				if isBool {
					args = []string{spelled, spelled}
				}
				if spelled == "--view" { // which takes no value of its own, for that would be a picture
					args = []string{spelled, spelled + "=until-done"}
				}
				err := checkOnce(app, append([]string{"zellige", c.Name}, args...))
				if refused := err != nil; refused != (!isBool && !isSlice) {
					t.Errorf("zellige %s %q: %v", c.Name, args, err)
				}
				if err != nil && (err.Error() != spelled+" is given twice" || exitCode(err) != exitUsage) {
					t.Errorf("zellige %s %q: %v", c.Name, args, err)
				}
				tried++
			}
		}
	}
	if tried < 300 {
		t.Errorf("only %d were tried", tried)
	}
}
