package experiment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/record"
)

// The keys that are no parameters of the objective or the optimiser.
const (
	keyCommand = "command"
	keyPreset  = "preset"
	keyQuality = "quality"
	keyContent = record.Content
	keyStyle   = record.Style
	keyBlend   = "style_blend"
	keyMask    = record.Mask
	keyInit    = record.Init
	keyLayer   = "layer" // content_layer, as zellige invert calls it
)

// settingKeys are the keys that defaults, runs and sweeps share, in the order in
// which sweeps vary them and name their runs.
func settingKeys() []string {
	keys := []string{keyCommand, keyPreset, keyQuality, keyContent, keyStyle, keyBlend, keyMask, keyInit, keyLayer}
	for _, p := range parameter.All() {
		keys = append(keys, p.Key())
	}
	return keys
}

// setting is a value as it is written.
type setting struct {
	text string   // lists with commas, layers as numbers
	list []string // the elements of a list, or the value alone
	line int
}

// settings are the values of defaults, of a run, or of one step of a sweep.
type settings map[string]setting

// readSetting reads one key's value and checks that it is of the right type.
func (r *reader) readSetting(e entry) (setting, bool) {
	p := r.problems
	if p.full() {
		return setting{}, false
	}
	s, ok := settingText(e, e.value, p)
	if !ok {
		return s, false
	}
	if isLayers(e.key) {
		s.text = r.setting.Network.Numbered(s.text)
	}
	if reason := checkSetting(e.key, s); reason != "" {
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
		return setting{text, []string{text}, at}, true
	}
	list, ok := items(value)
	if !ok {
		p.add(at, e.key, "is %s, must be a value", kind(value))
		return setting{}, false
	}
	parts := make([]string, len(list))
	for i, item := range list {
		if parts[i], ok = scalar(item); !ok || strings.Contains(parts[i], ",") && !isPictures(e.key) {
			p.add(line(item), e.key, "has an element that is %s, must be a value", kind(item))
			return setting{}, false
		}
	}
	if !isList(e.key) {
		p.add(at, e.key, "is a list, must be one value; only sweeps take several")
		return setting{}, false
	}
	return setting{strings.Join(parts, ","), parts, at}, true
}

// isPictures reports whether a key takes several pictures.
func isPictures(key string) bool { return key == keyStyle || key == keyMask }

// isList reports whether a key takes a list.
func isList(key string) bool {
	if isPictures(key) || key == keyBlend {
		return true
	}
	p, ok := parameter.Find(key)
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

// isLayers reports whether a key takes layers, which have names too.
func isLayers(key string) bool {
	return key == keyLayer || strings.HasSuffix(key, "_layer") || strings.HasSuffix(key, "_layers")
}

// checkSetting says what is wrong with a value on its own, "" if nothing is. Whether
// it is in range depends on others.
func checkSetting(key string, s setting) string {
	switch key {
	case keyCommand:
		return checkKnown(s.text, record.Commands())
	case keyPreset:
		return checkKnown(s.text, parameter.Presets())
	case keyQuality:
		return checkKnown(s.text, parameter.Qualities())
	case keyContent, keyStyle, keyInit, keyMask:
		return checkPictures(key, s.list)
	case keyBlend:
		_, err := parameter.ParseBlend(s.text)
		return reason(err)
	case keyLayer:
		if _, err := strconv.Atoi(s.text); err != nil {
			return fmt.Sprintf("is %q, must be a layer's number or name", s.text)
		}
		return ""
	}
	return checkParameter(key, s.text)
}

func checkKnown(text string, known []string) string {
	if slices.Contains(known, text) {
		return ""
	}
	return fmt.Sprintf("is %q, must be %s%s", text, strings.Join(known, ", "), didYouMean(text, known))
}

// checkPictures refuses what names no picture; only a mask need not.
func checkPictures(key string, files []string) string {
	for _, file := range files {
		if file == "" && key != keyMask || strings.ContainsRune(file, 0) {
			return fmt.Sprintf("is %q, must be the name of a picture", file)
		}
	}
	if len(files) == 0 {
		return "is an empty list, must be pictures"
	}
	return ""
}

func checkParameter(key, text string) string {
	p, ok := parameter.Find(key)
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
	if e := parameter.ErrorIn(err); e != nil {
		return e.Reason
	}
	return err.Error()
}
