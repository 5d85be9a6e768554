package repository

import (
	"go/scanner"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// The whole method must be readable in one evening: the losses, how pixels move, and
// what a plan becomes, from its scales to the loop.
func TestTheMethodIsSmall(t *testing.T) {
	method := []string{"scale.go", "plan.go", "scene.go", "targets.go", "matching.go", "paint.go", "loop.go", "finish.go", "marks.go"}
	const most = 3065
	total := 0
	for _, file := range repositoryFiles(t) {
		ours := strings.HasPrefix(file, "losses/") || strings.HasPrefix(file, "match/") || strings.HasPrefix(file, "optimize/") || slices.Contains(method, file)
		if ours && strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") {
			total += linesOfCode(t, file)
		}
	}
	if total == 0 || total > most {
		t.Errorf("the method takes %d lines of code, must be 1 to %d; leave out what does not earn its place", total, most)
	}
}

// linesOfCode counts the lines of a file that are more than blank or comment.
func linesOfCode(t *testing.T, file string) int {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	at := files.AddFile(file, files.Base(), len(source))
	var s scanner.Scanner
	s.Init(at, source, nil, 0) // without ScanComments
	lines := map[int]bool{}
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			return len(lines)
		}
		for i := range strings.Count(literal, "\n") + 1 {
			if tok != token.SEMICOLON || literal == ";" { // not one that a line's end implies
				lines[at.Line(pos)+i] = true
			}
		}
	}
}
