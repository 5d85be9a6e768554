package report

import (
	"slices"
	"strings"
	"unique"

	"zellige/internal/parameter"
)

// texts are a run's parameters as people write them, by the order of all of them: 0.05 or 1, 4, 5, 7; "" where the run
// has no such parameter. Of thousands of runs that differ in a few, each keeps those.
type texts struct {
	like []unique.Handle[string] // of this run, or of one before
	own  []ownText
}

// ownText is one that differs.
type ownText struct {
	parameter int
	text      unique.Handle[string]
}

// mostOwn is how many a run keeps at most; with more it keeps all.
const mostOwn = 4

// texts are those of the manifest, with what they share with those of the run before.
func (m *manifest) texts(before texts) texts {
	all, own := make([]unique.Handle[string], len(parameterAt)), []ownText(nil)
	for i, p := range parameter.All() {
		text := ""
		if m.Recipe.Has(p.Key()) {
			text = strings.ReplaceAll(p.Text(&m.Options), ",", ", ")
		}
		all[i] = unique.Make(text)
		if before.like != nil && before.like[i] != all[i] {
			own = append(own, ownText{i, all[i]})
		}
	}
	if before.like == nil || len(own) > mostOwn {
		return texts{like: all}
	}
	return texts{before.like, slices.Clip(own)}
}

// at is the text of a parameter.
func (t texts) at(parameter int) string {
	for _, o := range t.own {
		if o.parameter == parameter {
			return o.text.Value()
		}
	}
	return t.like[parameter].Value()
}
