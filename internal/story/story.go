// Package story says in which order the runs of a folder are told, and what somebody
// claims of their pictures. An experiment file holds it; zellige run leaves it in the
// output folder, where a report finds it.
//
// A [Claim] has tests such as
//
//	checker@tv/tv_weight=0 > 1.5 * checker@reference
//
// whose words are keys of manifests and whose names are runs: [Claim.Judge].
package story

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"zellige/internal/file"
)

// File is the story's name in an output folder.
const File = "experiment.json"

// Story is what an experiment file says besides what to paint.
type Story struct {
	Title  string  `json:"title,omitempty"`
	About  string  `json:"about,omitempty"`
	Claims []Claim `json:"claims,omitempty"`      // of all runs
	Parts  []Part  `json:"runs"`                  // in the order of the file
	Source string  `json:"file_sha256,omitempty"` // of the experiment file
}

// Part is a run of the file, or a sweep.
type Part struct {
	Name   string  `json:"name"`
	Title  string  `json:"title,omitempty"`
	Claims []Claim `json:"claims,omitempty"`
}

// Claim is something said of pictures.
type Claim struct {
	Says  string `json:"says"`
	Where string `json:"where,omitempty"` // it is said
	Tests []Test `json:"tests,omitempty"` // that decide it
	Note  string `json:"note,omitempty"`  // why it came out so, and what would change that
}

// Test is a comparison that a claim stands on.
type Test struct {
	Shows string `json:"shows"` // what is so if the comparison holds
	That  string `json:"that"`  // the comparison
}

// Read reads the story of an output folder; it is empty if there is none.
func Read(folder string) (*Story, error) {
	path := filepath.Join(folder, File)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Story{}, nil
	}
	var s Story
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return &Story{}, fmt.Errorf("%q: %w", path, file.Reason(err))
	}
	return &s, nil
}

// Write leaves the story in an output folder, unless it is there already.
func (s *Story) Write(folder string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(folder, File)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return file.WriteBytes(path, data)
}
