package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"zellige"
	"zellige/internal/record"
)

// maxStem bounds the name of a result, in bytes: file systems allow 255, and an
// ending or a number may follow.
const maxStem = 200

// resultName names a result after what it is painted from, without an ending:
// photo-painting, photo-layer-3, painting-texture.
func resultName(task *record.Task) string {
	var parts []string
	for _, s := range task.Sources {
		if kind := zellige.RoleKind(s.Role); kind == record.Content || kind == record.Style {
			parts = append(parts, stem(s.Path))
		}
	}
	switch task.Command {
	case record.Invert:
		parts = append(parts, fmt.Sprintf("layer-%d", task.Options.Objective.Content.Layer))
	case record.Synthesize:
		parts = append(parts, "texture")
	}
	return shortened(strings.Join(parts, "-"), maxStem)
}

// stem is a file's name without folder and ending.
func stem(path string) string {
	if path == standardStream {
		return "stdin"
	}
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// shortened cuts text between two letters.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}
