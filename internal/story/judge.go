package story

import (
	"slices"
	"strings"
)

// Verdict says what became of a claim.
type Verdict string

// The verdicts.
const (
	Holds   Verdict = "holds"
	Partly  Verdict = "holds in part"
	Fails   Verdict = "does not hold here"
	Unknown Verdict = "not measured"
)

// Folder is where claims are judged.
type Folder interface {
	// Matching are the names of the runs that a name or pattern stands for.
	Matching(pattern string) []string
	// Value is a number of a run's manifest; false if it has none.
	Value(run, key string) (float64, bool)
}

// Outcome is a test that was made, for one run if the test names several by a pattern.
type Outcome struct {
	Shows   string
	Run     string // that the pattern stood for, or ""
	Verdict Verdict
	Terms   []Term
}

// Term is a side of a comparison as it came out.
type Term struct {
	Sign     string // before it, "not <" if it is not so; "" at the first
	Factor   float64
	Key, Run string // "" if it is the factor alone
}

// Judge makes the tests of a claim: it holds if all of them do.
func (c Claim) Judge(f Folder) (Verdict, []Outcome) {
	var all []Outcome
	for _, t := range c.Tests {
		all = append(all, t.outcomes(f)...)
	}
	return Merge(all), all
}

// Merge is the verdict over several outcomes.
func Merge(all []Outcome) Verdict {
	count := map[Verdict]int{}
	for _, o := range all {
		count[o.Verdict]++
	}
	switch {
	case count[Holds] > 0 && count[Fails] > 0:
		return Partly
	case count[Fails] > 0:
		return Fails
	case count[Holds] > 0 && count[Unknown] == 0:
		return Holds
	}
	return Unknown
}

// outcomes are one, or one for each run that the test's pattern stands for.
func (t Test) outcomes(f Folder) []Outcome {
	c, err := t.parse()
	if err != nil {
		return []Outcome{{Shows: t.Shows, Verdict: Unknown}}
	}
	i := slices.IndexFunc(c.terms, func(t term) bool { return isPattern(t.run) })
	var runs []string
	if i >= 0 {
		runs = f.Matching(c.terms[i].run)
	}
	if len(runs) == 0 { // no pattern, or one that no run is there for: not measured
		return []Outcome{c.outcome(t.Shows, "", "", f)}
	}
	var all []Outcome
	for _, run := range runs {
		all = append(all, c.outcome(t.Shows, c.terms[i].run, run, f))
	}
	return all
}

func isPattern(run string) bool { return strings.ContainsAny(run, "*?[") }

// outcome compares, with a run in the place of a pattern.
func (c comparison) outcome(shows, pattern, run string, f Folder) Outcome {
	o := Outcome{Shows: shows, Run: run, Verdict: Holds}
	before, known := 0.0, true
	for i, t := range c.terms {
		if pattern != "" && t.run == pattern {
			t.run = run
		}
		x := t.factor
		if t.key != "" {
			value, ok := f.Value(t.run, t.key)
			known = known && ok
			x *= value
		}
		sign := ""
		if i > 0 {
			sign = c.signs[i-1]
			if !(sign == "<" && before < x || sign == ">" && before > x) {
				o.Verdict = Fails
				if known {
					sign = "not " + sign
				}
			}
		}
		o.Terms = append(o.Terms, Term{sign, t.factor, t.key, t.run})
		before = x
	}
	if !known {
		o.Verdict = Unknown
	}
	return o
}
