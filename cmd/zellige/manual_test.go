package main

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
)

func TestManualHasEveryFlag(t *testing.T) {
	var out bytes.Buffer
	if code := run([]string{"zellige", "help", "--man"}, &out, io.Discard); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	_, rest, _ := strings.Cut(out.String(), `.SH "DESCRIPTION"`)
	for _, c := range newApp(io.Discard, io.Discard).Commands {
		_, section, ok := strings.Cut(rest, `.SH "`+strings.ToUpper(c.Name)+"\"\n")
		if !ok {
			t.Fatalf("no section of %s, or not in the order of the help", c.Name)
		}
		rest = section
		section, _, _ = strings.Cut(section, ".SH")
		for _, f := range c.Flags {
			if name := f.Names()[0]; name != "help" && name != "help-all" && !strings.Contains(section, escaped("--"+name)) {
				t.Errorf("%s: --%s is missing", c.Name, name)
			}
		}
	}
}

// A line that man takes for a macro it does not know is not shown.
func TestManualShowsAllText(t *testing.T) {
	m := &manual{}
	m.paragraph(".one\n'two a-b \\n")
	m.list("Heading:", []helpRow{{`-o "FILE"`, "'three"}})
	want := ".PP\n\\&.one 'two a\\-b \\en\n" + ".SS \"Heading\"\n.TP\n.B \"\\-o \\(dqFILE\\(dq\"\n\\&'three\n"
	if m.text.String() != want {
		t.Errorf("%q, want %q", m.text.String(), want)
	}
	var out bytes.Buffer
	run([]string{"zellige", "help", "--man"}, &out, io.Discard)
	known := regexp.MustCompile(`^(\\&.*|\.(TH|SH|SS|B) ".*"|\.(PP|TP|nf|fi))\n$`)
	for line := range strings.Lines(out.String()) {
		if !known.MatchString(line) {
			t.Errorf("neither text nor a macro: %q", line)
		}
	}
}
