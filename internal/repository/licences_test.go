package repository

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestLicencesAreComplete compares the modules that end up in the binary with
// docs/licences.md.
func TestLicencesAreComplete(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-tags", "urfave_cli_no_docs", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "./cmd/zellige").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("docs/licences.md")
	if err != nil {
		t.Fatal(err)
	}
	inBinary := map[string]bool{}
	for _, module := range strings.Fields(string(out)) {
		inBinary[module] = true
		if !strings.Contains(string(text), "| "+module+" |") {
			t.Errorf("%s is in the binary, but not in docs/licences.md", module)
		}
	}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, " | ")
		name := strings.TrimPrefix(cells[0], "| ")
		if len(cells) == 3 && strings.Contains(name, "/") && strings.Contains(name, ".") && !strings.Contains(name, " ") && !inBinary[name] {
			t.Errorf("%s is in docs/licences.md, but not in the binary", name)
		}
	}
}
