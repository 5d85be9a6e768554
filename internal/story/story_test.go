package story

import (
	"path"
	"strings"
	"testing"
)

// fakeFolder has numbers by run and key.
type fakeFolder map[string]map[string]float64

func (f fakeFolder) Matching(pattern string) []string {
	var names []string
	for _, run := range []string{"a", "b", "c"} {
		if ok, _ := path.Match(pattern, run); ok && f[run] != nil {
			names = append(names, run)
		}
	}
	return names
}

func (f fakeFolder) Value(run, key string) (float64, bool) {
	x, ok := f[run][key]
	return x, ok
}

var three = fakeFolder{"a": {"tv": 1, "ssim": 0.5}, "b": {"tv": 2}, "c": {"tv": 4}}

func TestJudge(t *testing.T) {
	tests := []struct {
		tests string // separated by semicolons
		want  Verdict
	}{
		{"tv@a < tv@b < tv@c", Holds},
		{"tv@a < tv@c < tv@b", Fails},
		{"tv@a < tv@a", Fails},
		{"tv@c > 1.5 * tv@b", Holds},
		{"tv@c > 2 * tv@b", Fails},
		{"0.4 < ssim@a < 0.6", Holds},
		{"tv@* < 5", Holds},
		{"tv@* < 3", Partly},
		{"tv@[bc] < 1", Fails},
		{"tv@[bc] < 2 * tv@[bc]", Holds},
		{"tv@z* < 5", Unknown},
		{"ssim@b < 5", Unknown},
		{"tv@a < 2; ssim@b < 5", Unknown},
		{"tv@a > 2; ssim@b < 5", Fails},
		{"tv@a < 2; tv@a > 2", Partly},
		{"tv@a < 2; tv@z* < 5", Unknown},
		{"tv@a < 2; nonsense", Unknown},
		{"", Unknown},
	}
	for _, test := range tests {
		var c Claim
		for that := range strings.SplitSeq(test.tests, ";") {
			if that != "" {
				c.Tests = append(c.Tests, Test{"x", that})
			}
		}
		if got, outcomes := c.Judge(three); got != test.want {
			t.Errorf("%s: %s, want %s; %+v", test.tests, got, test.want, outcomes)
		}
	}
}

func TestAPatternIsEachOfItsRuns(t *testing.T) {
	_, outcomes := Claim{Tests: []Test{{"less", "tv@[bc] < 0.9 * tv@c"}}}.Judge(three)
	if len(outcomes) != 2 || outcomes[0].Run != "b" || outcomes[0].Verdict != Holds || outcomes[1].Verdict != Fails {
		t.Fatalf("got %+v", outcomes)
	}
	if got, want := outcomes[0].Terms[1], (Term{"<", 0.9, "tv", "c"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAFolderWithoutStory(t *testing.T) {
	folder := t.TempDir()
	if s, err := Read(folder); err != nil || s.Parts != nil {
		t.Errorf("got %+v, %v", s, err)
	}
	if err := (&Story{Title: "a"}).Write(folder); err != nil {
		t.Fatal(err)
	}
	if s, err := Read(folder); err != nil || s.Title != "a" {
		t.Errorf("got %+v, %v", s, err)
	}
}
