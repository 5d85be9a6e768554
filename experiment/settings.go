package experiment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"zellige"
)

// The keys that are no parameters of the objective or the optimiser.
const (
	keyCommand = "command"
	keyPreset  = "preset"
	keyContent = "content"
	keyStyle   = "style"
	keyInit    = "init"
	keyLayer   = "layer" // content_layer, as zellige invert calls it
)

// settingKeys are the keys that defaults, runs and sweeps share, in the order in
// which sweeps vary them and name their runs.
func settingKeys() []string {
	keys := []string{keyCommand, keyPreset, keyContent, keyStyle, keyInit, keyLayer}
	for _, p := range zellige.Parameters() {
		keys = append(keys, p.Key())
	}
	return keys
}

// setting is a value as it is written, lists with commas.
type setting struct {
	text string
	line int
}

// settings are the values of defaults, of a run, or of one step of a sweep.
type settings map[string]setting

// readSetting reads one key's value and checks that it is of the right type.
func readSetting(e entry, p *problems) (setting, bool) {
	if p.full() {
		return setting{}, false
	}
	s, ok := settingText(e, e.value, p)
	if !ok {
		return s, false
	}
	if reason := checkSetting(e.key, s.text); reason != "" {
		p.add(s.line, e.key, "%s", reason)
		return s, false
	}
	return s, true
}

func settingText(e entry, value ast.Node, p *problems) (setting, bool) {
	at := line(value)
	if at == 0 {
		at = e.line
	}
	if text, ok := scalar(value); ok {
		return setting{text, at}, true
	}
	list, ok := items(value)
	if !ok {
		p.add(at, e.key, "is %s, must be a value", kind(value))
		return setting{}, false
	}
	parts := make([]string, len(list))
	for i, item := range list {
		if parts[i], ok = scalar(item); !ok || strings.Contains(parts[i], ",") {
			p.add(line(item), e.key, "has an element that is %s, must be a value", kind(item))
			return setting{}, false
		}
	}
	if !isList(e.key) {
		p.add(at, e.key, "is a list, must be one value; only sweeps take several")
		return setting{}, false
	}
	return setting{strings.Join(parts, ","), at}, true
}

// isList reports whether a key takes a list.
func isList(key string) bool {
	p, ok := zellige.FindParameter(key)
	if !ok {
		return false
	}
	o := zellige.DefaultOptions()
	switch p.Value(&o).(type) {
	case []int, []float64, []string:
		return true
	}
	return false
}

// checkSetting says what is wrong with a value on its own, "" if nothing is. Whether
// it is in range depends on others.
func checkSetting(key, text string) string {
	switch key {
	case keyCommand:
		if text != Transfer && text != Invert {
			return fmt.Sprintf("is %q, must be transfer or invert%s", text, didYouMean(text, []string{Transfer, Invert}))
		}
	case keyPreset:
		if names := zellige.PresetNames(); !slices.Contains(names, text) {
			return fmt.Sprintf("is %q, must be %s%s", text, strings.Join(names, ", "), didYouMean(text, names))
		}
	case keyContent, keyStyle, keyInit:
		if text == "" || strings.ContainsRune(text, 0) {
			return fmt.Sprintf("is %q, must be the name of a picture", text)
		}
	case keyLayer:
		if _, err := strconv.Atoi(text); err != nil {
			return fmt.Sprintf("is %q, must be a whole number", text)
		}
	default:
		return checkParameter(key, text)
	}
	return ""
}

func checkParameter(key, text string) string {
	p, ok := zellige.FindParameter(key)
	if !ok || p.Key() != key {
		return "is not a key that is known" + didYouMean(strings.ReplaceAll(key, "-", "_"), settingKeys())
	}
	o := zellige.DefaultOptions()
	return reason(p.Set(&o, text))
}

// reason is an option's error without the name of the option.
func reason(err error) string {
	if err == nil {
		return ""
	}
	if option, ok := err.(*zellige.OptionError); ok {
		return option.Reason
	}
	return err.Error()
}
