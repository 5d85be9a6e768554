package experiment

import (
	"fmt"
	"path"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"zellige/internal/story"
)

// maxClaims bounds what a file claims, for each is compared with all its runs.
const maxClaims = 500

// told is a claim where the file makes it.
type told struct {
	line  int
	claim story.Claim
}

// claims reads a list of claims.
func (r *reader) claims(e entry) []story.Claim {
	list, ok := items(e.value)
	if !ok {
		r.problems.add(e.line, e.key, "is %s, must be a list such as [{says: softer, tests: {less noise: tv@a < tv@b}}]", kind(e.value))
	}
	var claims []story.Claim
	for _, item := range list {
		if len(r.allClaims) == maxClaims {
			r.problems.add(line(item), e.key, "the file makes more than %d claims; split it", maxClaims)
			break
		}
		c := r.claim(item)
		claims = append(claims, c)
		r.allClaims = append(r.allClaims, told{line(item), c})
	}
	return claims
}

func (r *reader) claim(n ast.Node) (c story.Claim) {
	for _, e := range entries(n, "a claim", r.problems) {
		switch e.key {
		case "says":
			c.Says = r.text(e)
		case "where":
			c.Where = r.text(e)
		case "note":
			c.Note = r.text(e)
		case "tests":
			for _, t := range entries(e.value, "tests", r.problems) {
				c.Tests = append(c.Tests, story.Test{Shows: t.key, That: r.text(t)})
			}
		default:
			r.problems.add(e.line, e.key, "is not a key that is known; a claim has says, where, tests and note")
		}
	}
	if c.Says == "" {
		r.problems.add(line(n), "says", "is missing; it is what the claim says")
	}
	return c
}

// checkClaims refuses tests that are none, or speak of runs that there are not.
func (r *reader) checkClaims() {
	for _, told := range r.allClaims {
		for _, t := range told.claim.Tests {
			runs, err := t.Runs()
			if err != nil {
				r.problems.add(told.line, "tests", "%v", err)
			}
			for _, run := range runs {
				if !r.hasRun(run) {
					r.problems.add(told.line, "tests", "%q names the run %q, which there is not%s", t.That, run, r.beside(run))
				}
			}
		}
	}
}

// beside tells of a run in the folder of one that there is not: the keys of a sweep have an order.
func (r *reader) beside(name string) string {
	for _, run := range r.runs {
		if folder := path.Dir(name); folder != "." && folder == path.Dir(run.Name) {
			return fmt.Sprintf("; one is called %q", run.Name)
		}
	}
	return ""
}

func (r *reader) hasRun(pattern string) bool {
	return slices.ContainsFunc(r.runs, func(run Run) bool {
		ok, _ := path.Match(pattern, run.Name)
		return ok || run.Name == pattern
	})
}

// parts are the runs and sweeps in the order of the file.
func (r *reader) parts() []story.Part {
	var parts []story.Part
	for _, d := range r.drafts {
		parts = append(parts, story.Part{Name: d.name, Title: d.title, Claims: d.claims})
	}
	return parts
}
