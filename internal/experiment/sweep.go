package experiment

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/story"
)

// draft is a run as the file writes it, sweep included.
type draft struct {
	name, title string
	line        int
	number      int // in the file
	own         settings
	variants    []variant // of the sweep; one without a name if there is none
	claims      []story.Claim
}

// variant is one run of a sweep.
type variant struct {
	name     string
	class    string // see likeness
	settings settings
}

// likeness is equal for runs that are painted alike but for values that decide neither sizes
// nor memory nor time.
type likeness struct {
	draft int    // which of the file
	class string // of the variant
}

// readRuns reads the list of runs.
func (r *reader) readRuns(e entry) {
	list, ok := items(e.value)
	if !ok || len(list) == 0 {
		r.problems.add(e.line, e.key, "is %s, must be a list such as [{name: first}]", kind(e.value))
		return
	}
	count := 0
	for _, item := range list {
		d := r.readRun(item)
		d.number = len(r.drafts)
		if count += len(d.variants); count > maxRuns {
			r.problems.add(d.line, "", "the file describes more than %d runs; split it", maxRuns)
			return
		}
		r.drafts = append(r.drafts, d)
	}
}

func (r *reader) readRun(n ast.Node) draft {
	d := draft{line: line(n), variants: []variant{{}}}
	var own []entry
	for _, e := range entries(n, "a run", r.problems) {
		d.line = min(d.line, e.line)
		switch e.key {
		case "name":
			d.name = r.text(e)
		case "title":
			d.title = r.text(e)
		case "claims":
			d.claims = r.claims(e)
		case "sweep":
			d.variants = r.readSweep(e)
		default:
			own = append(own, e)
		}
	}
	if d.name == "" {
		r.problems.add(d.line, "name", "is missing; each run needs one, it names the run's folder")
	}
	d.own = r.settings(own)
	return d
}

func (r *reader) text(e entry) string {
	text, ok := scalar(e.value)
	if !ok {
		r.problems.add(e.line, e.key, "is %s, must be a text", kind(e.value))
		return "?"
	}
	return text
}

// readSweep reads {key: [values]}, whose values are combined each with each, or a
// list of changes, each of which is one run.
func (r *reader) readSweep(e entry) []variant {
	if list, ok := items(e.value); ok {
		return r.listedVariants(e, list)
	}
	axes := r.axes(e)
	count := min(len(axes), 1)
	for _, a := range axes {
		if count *= len(a.values); count > maxRuns {
			r.problems.add(e.line, e.key, "makes more than %d runs; sweep over fewer values", maxRuns)
			return nil
		}
	}
	if count == 0 {
		r.problems.add(e.line, e.key, "makes no run; give each key a list of values, such as tv_weight: [0, 5]")
		return nil
	}
	variants := []variant{{settings: settings{}}}
	for _, a := range axes {
		variants = cross(variants, a)
	}
	return variants
}

// axis is one key of a sweep.
type axis struct {
	key     string
	values  []setting
	names   []string // of the variants
	classes []string
}

// axes reads the keys of a sweep, in the order of settingKeys: the order of the
// file does not matter.
func (r *reader) axes(e entry) []axis {
	var axes []axis
	for _, e := range entries(e.value, "a sweep", r.problems) {
		list, ok := items(e.value)
		if !ok {
			r.problems.add(e.line, e.key, "is %s, must be a list of values to sweep over, such as [0, 5]", kind(e.value))
			continue
		}
		a := axis{key: e.key}
		for _, item := range list {
			if value, ok := r.readSetting(entry{e.key, e.line, item}); ok {
				a.values, a.names = append(a.values, value), append(a.names, variantName(e.key, value.text))
				a.classes = append(a.classes, classOf(e.key, value.text))
			}
		}
		axes = append(axes, a)
	}
	order := settingKeys()
	slices.SortStableFunc(axes, func(a, b axis) int { return slices.Index(order, a.key) - slices.Index(order, b.key) })
	return axes
}

// cross combines each variant with each value.
func cross(variants []variant, a axis) []variant {
	crossed := make([]variant, 0, len(variants)*len(a.values))
	for _, s := range variants {
		for i, value := range a.values {
			c := variant{class: s.class + a.classes[i], settings: merge(s.settings, settings{a.key: value})}
			c.name = strings.TrimPrefix(s.name+","+a.names[i], ",")
			crossed = append(crossed, c)
		}
	}
	return crossed
}

// listedVariants reads a sweep that lists its changes.
func (r *reader) listedVariants(e entry, list []ast.Node) []variant {
	if len(list) == 0 || len(list) > maxRuns {
		r.problems.add(e.line, e.key, "makes %d runs, must make 1 to %d", len(list), maxRuns)
		return nil
	}
	var variants []variant
	for _, item := range list {
		s := variant{}
		var changes []entry
		for _, e := range entries(item, "each change of a sweep", r.problems) {
			if e.key == "name" {
				s.name = r.text(e)
				continue
			}
			changes = append(changes, e)
		}
		s.settings = r.settings(changes)
		name, class := describe(s.settings)
		s.class = class
		if s.name == "" {
			s.name = name
		}
		variants = append(variants, s)
	}
	return variants
}

// describe returns the name and the class of a listed variant.
func describe(s settings) (name, class string) {
	var parts []string
	for _, key := range settingKeys() {
		if value, ok := s[key]; ok {
			parts = append(parts, variantName(key, value.text))
			class += classOf(key, value.text)
		}
	}
	return strings.Join(parts, ","), class
}

// classOf is a setting's part of a variant's class.
func classOf(key, text string) string {
	if p, ok := parameter.Find(key); ok {
		text = p.Class(text)
	}
	return key + "=" + text + "\x00" // which is in no file's name
}

// variantName is key=value with the value as zellige writes it, lists joined by _.
func variantName(key, text string) string {
	if p, ok := parameter.Find(key); ok {
		o := zellige.DefaultOptions()
		if p.Set(&o, text) == nil {
			text = p.Text(&o)
		}
	}
	return key + "=" + strings.NewReplacer(",", "_", "/", "_", `\`, "_").Replace(text)
}

// merge returns all settings; later ones win. Other styles do not inherit weights
// and masks.
func merge(all ...settings) settings {
	merged := make(settings, len(all[0])+len(all[len(all)-1]))
	for _, s := range all {
		if _, ok := s[keyStyle]; ok {
			delete(merged, keyBlend)
			delete(merged, keyMask)
		}
		for key, value := range s {
			merged[key] = value
		}
		dropOther(merged, s, keyLayer, "content_layer")
		dropOther(merged, s, "content_layer", keyLayer)
	}
	return merged
}

// dropOther lets a key replace an inherited value under the key's other name.
func dropOther(merged, own settings, key, other string) {
	if _, ok := own[key]; ok {
		delete(merged, other)
	}
}
