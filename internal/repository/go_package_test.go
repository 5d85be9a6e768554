package repository

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestExampleOfTheGoPackage follows what docs/go.md says, without a
// network: all modules that it needs are those of this one.
func TestExampleOfTheGoPackage(t *testing.T) {
	source, commands := goExample(t)
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(commands) {
		words := strings.Fields(strings.ReplaceAll(line, "../zellige", root))
		c := exec.Command(words[0], words[1:]...)
		c.Dir = folder
		c.Env = append(os.Environ(), "GOPROXY=off", "GOSUMDB=off", "GOWORK=off", "GOFLAGS=")
		if output, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", strings.TrimSpace(line), err, output)
		}
	}
}

// goExample returns the blocks of Go and of commands.
func goExample(t *testing.T) (source, commands string) {
	t.Helper()
	text, err := os.ReadFile("docs/go.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "# As a Go package")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```.*?```sh\n(.*?)```").FindStringSubmatch(section)
	if blocks == nil || !strings.Contains(blocks[2], "go build") {
		t.Fatal("docs/go.md has no example of the Go package")
	}
	return blocks[1], blocks[2]
}
