package report

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"zellige/internal/story"
)

// claimView is a claim with what became of it.
type claimView struct {
	story.Claim
	Verdict story.Verdict
	Href    string // of its pictures
	Tests   []testView
}

// testView is a test of a claim, over all runs that it was made for.
type testView struct {
	Shows     string
	Verdict   story.Verdict
	Fragments []Fragment
}

// Fragment is a part of a sentence: text, or a number.
type Fragment struct {
	Text   string
	Number *Number
}

// Tally says how many claims had a verdict.
type Tally struct {
	Verdict story.Verdict
	Count   int
}

func (f *Folder) claimViews(claims []story.Claim, href string) []claimView {
	var views []claimView
	for _, c := range claims {
		v := claimView{Claim: c, Href: href}
		var outcomes []story.Outcome
		v.Verdict, outcomes = c.Judge(f)
		for len(outcomes) > 0 {
			n := 1
			for n < len(outcomes) && outcomes[n].Run != "" && outcomes[n].Shows == outcomes[0].Shows {
				n++
			}
			v.Tests = append(v.Tests, f.testView(outcomes[:n]))
			outcomes = outcomes[n:]
		}
		views = append(views, v)
	}
	return views
}

// Decides is the test that settles the claim: the first that fails, or else the first.
func (v claimView) Decides() *testView {
	for i, t := range v.Tests {
		if t.Verdict == story.Fails || t.Verdict == story.Partly {
			return &v.Tests[i]
		}
	}
	if len(v.Tests) == 0 {
		return nil
	}
	return &v.Tests[0]
}

// General are the claims about all pictures.
func (p *page) General() (views []claimView) {
	for _, v := range p.Claims {
		if v.Href == "#summary" {
			views = append(views, v)
		}
	}
	return views
}

func tally(views []claimView) []Tally {
	all := []Tally{{story.Holds, 0}, {story.Partly, 0}, {story.Fails, 0}, {story.Unknown, 0}}
	for _, v := range views {
		for i := range all {
			if all[i].Verdict == v.Verdict {
				all[i].Count++
			}
		}
	}
	return all
}

// testView shows a test: checker 0.53 (tv_weight=0) > 0.22 (lion-waves). Of several runs
// each has its own first term.
func (f *Folder) testView(outcomes []story.Outcome) testView {
	t := testView{Shows: outcomes[0].Shows, Verdict: story.Merge(outcomes)}
	key := ""
	shown := telling(outcomes)
	for i, o := range shown {
		if i > 0 {
			t.Fragments = append(t.Fragments, Fragment{Text: ", "})
		}
		if len(o.Terms) > 0 {
			t.Fragments = append(t.Fragments, f.fragments(o.Terms[0], &key)...)
		}
	}
	if more := len(outcomes) - len(shown); more > 0 {
		t.Fragments = append(t.Fragments, Fragment{Text: fmt.Sprintf(" and %d more", more)})
	}
	if last := outcomes[len(outcomes)-1].Terms; len(last) > 0 {
		for _, term := range last[1:] {
			sign := term.Sign
			if t.Verdict == story.Partly { // it is so of some runs
				sign = strings.TrimPrefix(sign, "not ")
			}
			t.Fragments = append(t.Fragments, Fragment{Text: "  " + sign + " "})
			t.Fragments = append(t.Fragments, f.fragments(term, &key)...)
		}
	}
	return t
}

// mostTold is how many runs a test tells.
const mostTold = 24

// telling are the outcomes of a test that are told: all, or of many those that fail first.
func telling(outcomes []story.Outcome) []story.Outcome {
	if len(outcomes) <= mostTold {
		return outcomes
	}
	sorted := slices.Clone(outcomes)
	slices.SortStableFunc(sorted, func(a, b story.Outcome) int { return rankOf(a.Verdict) - rankOf(b.Verdict) })
	return sorted[:mostTold]
}

func rankOf(v story.Verdict) int {
	return slices.Index([]story.Verdict{story.Fails, story.Unknown, story.Holds}, v)
}

// fragments are a term; key is that of the term before, which is not said again.
func (f *Folder) fragments(t story.Term, key *string) []Fragment {
	factor := strconv.FormatFloat(t.Factor, 'g', -1, 64)
	if t.Key == "" {
		return []Fragment{{Text: factor}}
	}
	var p []Fragment
	if t.Factor != 1 {
		p = append(p, Fragment{Text: factor + " × "})
	}
	if t.Key != *key {
		p = append(p, Fragment{Text: wordsOfKey(t.Key) + " "})
		*key = t.Key
	}
	n := Number{Text: noNumber}
	if run := f.byName[t.Run]; run != nil {
		if full, x, ok := run.field(t.Key); ok {
			n = run.recorded(full, x)
		}
	}
	return append(p, Fragment{Number: &n}, Fragment{Text: " (" + path.Base(t.Run) + ")"})
}

// wordsOfKey is a manifest's key as people read it: style at 12, last total.
func wordsOfKey(key string) string {
	key = strings.TrimPrefix(key, "losses.")
	if layer, measure, ok := strings.Cut(strings.TrimPrefix(key, "layers."), "."); ok && strings.HasPrefix(key, "layers.") {
		key = measure + "_" + layer
	}
	if name, layer, ok := strings.Cut(key, "_"); ok && isDigit(rune(layer[0])) {
		key = name + " at " + layer
	}
	return strings.NewReplacer(".", " ", "_", " ").Replace(key)
}
