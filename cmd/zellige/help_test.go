package main

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestBriefsNameFlagsThatAre(t *testing.T) {
	app := newApp(io.Discard, io.Discard)
	for name, b := range briefs {
		c := app.Command(name)
		if c == nil {
			t.Errorf("there is no command %s", name)
			continue
		}
		if got := named(c.Flags, b.common); len(got) != len(b.common) {
			t.Errorf("%s: %d of the flags %q are flags", name, len(got), b.common)
		}
	}
}

func TestHelpKeepsItsWidth(t *testing.T) {
	for _, width := range []int{60, 80, 132} {
		t.Setenv("COLUMNS", strconv.Itoa(width))
		for _, c := range newApp(io.Discard, io.Discard).Commands {
			var out bytes.Buffer
			if err := writeHelp(&out, c, true); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > width {
					t.Errorf("%s at %d: too wide: %s", c.Name, width, line)
				}
			}
		}
	}
}

func TestHelpFitsOnAScreen(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	for _, c := range newApp(io.Discard, io.Discard).Commands {
		var out bytes.Buffer
		if err := writeHelp(&out, c, false); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(out.String(), "\n"); n > 40 {
			t.Errorf("%s: %d lines\n%s", c.Name, n, out.String())
		}
	}
}

// TestHelpAllShowsEveryFlag: no category is forgotten.
func TestHelpAllShowsEveryFlag(t *testing.T) {
	for _, c := range newApp(io.Discard, io.Discard).Commands {
		var out bytes.Buffer
		if err := writeHelp(&out, c, true); err != nil {
			t.Fatal(err)
		}
		for _, f := range c.Flags {
			if name := f.Names()[0]; name != "help" && name != "help-all" && !strings.Contains(out.String(), "--"+name) {
				t.Errorf("%s: --%s is not shown", c.Name, name)
			}
		}
	}
}

func TestWrapped(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  []string
	}{
		{"a bc def", 4, []string{"a bc", "def"}},
		{"a\nbc  def", 8, []string{"a bc def"}},
		{"toolong a", 3, []string{"toolong", "a"}},
		{"äö ü", 4, []string{"äö ü"}},
		{"", 4, []string{""}},
	} {
		if got := wrapped(tt.text, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("%q at %d: %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}
