package main

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestFlagsFirst: what belongs to no flag comes behind them.
func TestFlagsFirst(t *testing.T) {
	tests := []struct{ args, want string }{
		{"zellige run a.yaml --list", "zellige run --list a.yaml"},
		{"zellige run a.yaml --only tv --jobs 2", "zellige run --only tv --jobs 2 a.yaml"},
		{"zellige run --only tv a.yaml --list", "zellige run --only tv --list a.yaml"},
		{"zellige run --only=tv a.yaml b.yaml -h", "zellige run --only=tv -h a.yaml b.yaml"},
		{"zellige run a.yaml --only", "zellige run --only a.yaml"},
		{"zellige run --quiet -- --list", "zellige run --quiet -- --list"},
		{"zellige run a.yaml -- -b", "zellige run -- a.yaml -b"},
		{"zellige run - --list", "zellige run --list -"},
		{"zellige rerun a.png -o b.png", "zellige rerun -o b.png a.png"},
		{"zellige rerun a.png --unknown b", "zellige rerun --unknown a.png b"},
		{"zellige transfer a b --seed 1", "zellige transfer --seed 1 a b"},
		{"zellige transfer a -o c --lean b", "zellige transfer -o c --lean a b"},
		{"zellige transfer - b -o - --format png", "zellige transfer -o - --format png - b"},
		{"zellige transfer --mask m --mask n a -- -b", "zellige transfer --mask m --mask n -- a -b"},
		{"zellige doctor now --threads 1", "zellige doctor --threads 1 now"},
		{"zellige nothing a --list", "zellige nothing a --list"},
		{"zellige run", "zellige run"},
		{"zellige", "zellige"},
	}
	for _, tt := range tests {
		got, err := arranged(newApp(io.Discard, io.Discard), strings.Fields(tt.args))
		if want := strings.Fields(tt.want); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v, want %q", tt.args, got, err, want)
		}
	}
}

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
				_, err := arranged(app, append([]string{"zellige", c.Name}, args...))
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
