package experiment

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"zellige/internal/record"
	"zellige/internal/story"
)

const toldHead = "title: A title\nabout: An introduction\ndefaults: {preset: lab, content: lion.png, style: waves.png, image_size: 16, iterations: 2, style_layers: [1], style_weights: [2]}\n"

func TestTheStoryIsTheFiles(t *testing.T) {
	file := folder(t, toldHead+`
claims: [{says: all are equal, tests: {equal: "tv@* < 1"}}]
runs:
  - {name: reference, title: What others are compared with}
  - name: tv
    sweep: {tv_weight: [0, 5]}
    claims:
      - {says: softer, where: section 2, note: by design, tests: {less noise: tv@tv/tv_weight=5 < tv@reference, none: tv@reference > 9}}
`)
	e := load(t, file)
	want := story.Story{Title: "A title", About: "An introduction", Source: record.Hash(read(t, file)),
		Claims: []story.Claim{{Says: "all are equal", Tests: []story.Test{{Shows: "equal", That: "tv@* < 1"}}}},
		Parts: []story.Part{
			{Name: "reference", Title: "What others are compared with"},
			{Name: "tv", Claims: []story.Claim{{Says: "softer", Where: "section 2", Note: "by design",
				Tests: []story.Test{{Shows: "less noise", That: "tv@tv/tv_weight=5 < tv@reference"}, {Shows: "none", That: "tv@reference > 9"}}}}},
		}}
	if !reflect.DeepEqual(e.Story, want) {
		t.Errorf("got %+v\nwant %+v", e.Story, want)
	}
	out := t.TempDir()
	runAll(t, file, out)
	if got, err := story.Read(out); err != nil || !reflect.DeepEqual(*got, want) {
		t.Errorf("in the output folder: %+v, %v", got, err)
	}
}

// The keys of a sweep have an order, which somebody who names a run may not know.
func TestClaimOfARunOfASweep(t *testing.T) {
	_, err := Load(folder(t, toldHead+`runs:
  - {name: g, sweep: {tv_weight: [1], image_size: [16]}, claims: [{says: x, tests: {a: "tv@g/tv_weight=1,image_size=16 < 1"}}]}`), testSetting)
	if want := `which there is not; one is called "g/image_size=16,tv_weight=1"`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestWrongClaims(t *testing.T) {
	for claims, want := range map[string]string{
		"softer":                                        `claims: is "softer", must be a list`,
		"[{tests: {a: tv@a < 1}}]":                      "says: is missing",
		"[{says: x, test: {a: tv@a < 1}}]":              "test: is not a key that is known",
		"[{says: x, tests: {a: tv@a}}]":                 "compares nothing",
		"[{says: x, tests: {a: tv@b < 1}}]":             `names the run "b", which there is not`,
		"[{says: x, tests: {a: tv < 1}}]":               `"tv" is neither a number nor KEY@RUN`,
		"[" + strings.Repeat("{says: x},", 501) + "]":   "more than 500 claims",
		"[{says: x, tests: [tv@a < 1]}]":                "tests must have keys",
		"[{says: x, tests: {a: {b: c}}}]":               "must be a text",
		"[{says: x, tests: {a: 2 ** tv@a < 1}}]":        `"2 ** tv@a" is neither`,
		"[{says: x, tests: {a: 0.1 < tv@a < 9 * tv@}}]": `"9 * tv@" is neither`,
	} {
		_, err := Load(folder(t, toldHead+"runs:\n  - name: a\n    claims: "+claims), testSetting)
		var file *FileError
		if !errors.As(err, &file) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: got %v, want %s", claims, err, want)
		}
	}
}
