//go:build unix

package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zellige/internal/shorttest"
)

const killFile = `
defaults: {preset: lab, content: content.png, style: style.png, image_size: 48, style_size: 48, iterations: 300}
runs:
  - name: reference
  - name: tv
    sweep: {tv_weight: [0, 5]}
  - name: inversion
    command: invert
    layer: 4
  - {name: scales, preset: gram, scales: 2, iterations: 100}
  - {name: quasi-newton, preset: gram, optimizer: lbfgs, average: 0.5, scales: 2, iterations: 100}
`

// TestKilledRunsEndInTheSameBytes kills the program at twenty random moments and
// then lets it end.
func TestKilledRunsEndInTheSameBytes(t *testing.T) {
	shorttest.Skip(t)
	dir := paintingFolder(t)
	if err := os.WriteFile(filepath.Join(dir, "kill.yaml"), []byte(killFile), 0o666); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	runToTheEnd(t, dir, "whole")
	whole := time.Since(began)

	resumed := 0
	for range 20 {
		c := exec.Command("zellige", "run", "kill.yaml", "--out", "killed")
		c.Dir = dir
		var stderr bytes.Buffer
		c.Stderr = &stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(whole / 3))
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // it was killed, or was done
		resumed += strings.Count(stderr.String(), "goes on at iteration")
		if strings.Contains(stderr.String(), "warning") {
			t.Errorf("a state was not usable: %s", &stderr)
		}
		for _, picture := range pictures(t, dir, "killed") {
			compareFiles(t, filepath.Join(dir, "killed", picture), filepath.Join(dir, "whole", picture))
		}
	}
	runToTheEnd(t, dir, "killed")
	if got := pictures(t, dir, "killed"); len(got) != 6 {
		t.Errorf("pictures %q", got)
	}
	for _, picture := range pictures(t, dir, "killed") {
		compareFiles(t, filepath.Join(dir, "killed", picture), filepath.Join(dir, "whole", picture))
	}
	if resumed == 0 {
		t.Error("no run went on from a saved state")
	}
}

func runToTheEnd(t *testing.T, dir, out string) {
	t.Helper()
	c := exec.Command("zellige", "run", "kill.yaml", "--out", out, "--quiet")
	c.Dir = dir
	if output, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
}

// pictures lists the pictures below a folder.
func pictures(t *testing.T, dir, out string) []string {
	t.Helper()
	var list []string
	for _, pattern := range []string{"*/picture.png", "*/*/picture.png"} {
		files, err := filepath.Glob(filepath.Join(dir, out, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			list = append(list, strings.TrimPrefix(file, filepath.Join(dir, out)+"/"))
		}
	}
	return list
}

func compareFiles(t *testing.T, got, want string) {
	t.Helper()
	a, errA := os.ReadFile(got)
	b, errB := os.ReadFile(want)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("%s is not %s: %v %v", got, want, errA, errB)
	}
}
