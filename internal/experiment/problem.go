package experiment

import (
	"fmt"
	"slices"
	"strings"

	"zellige/internal/spelling"
)

// Problem is one thing that is wrong with an experiment file.
type Problem struct {
	Line int    // from 1; 0 if it is no single line's
	Key  string // "" if it is no single key's
	Text string
}

// FileError lists all that is wrong with an experiment file, by line.
type FileError struct {
	Path     string
	Problems []Problem
}

// Error gives each problem a line: path:line: key: what is wrong.
func (e *FileError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = e.Path + ":"
		if p.Line > 0 {
			lines[i] += fmt.Sprintf("%d:", p.Line)
		}
		if p.Key != "" {
			lines[i] += " " + p.Key + ":"
		}
		lines[i] += " " + p.Text
	}
	return strings.Join(lines, "\n")
}

// problems are collected, so that a file's mistakes can be mended in one go.
type problems []Problem

// maxProblems is how many are worth reading.
const maxProblems = 50

func (p *problems) add(line int, key, format string, args ...any) {
	found := Problem{line, key, fmt.Sprintf(format, args...)}
	if !slices.Contains(*p, found) && !p.full() {
		*p = append(*p, found)
	}
}

// full reports whether nobody would read more, so that looking for them can stop.
func (p *problems) full() bool { return len(*p) >= maxProblems }

// in turns the problems into an error about the file at path, nil if there are none.
func (p problems) in(path string) error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int { return a.Line - b.Line })
	return &FileError{path, p}
}

// didYouMean returns a question about the known word nearest to an unknown one,
// or "" if none is near.
func didYouMean(unknown string, known []string) string {
	near := spelling.Near(unknown, known)
	if near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", near)
}
