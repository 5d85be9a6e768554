package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Difference is one value in which two recipes differ.
type Difference struct {
	Key       string // parts joined by dots: parameters.tv_weight, pictures.style.sha256
	Then, Now string // "" if it is not there
}

func (d Difference) String() string {
	return fmt.Sprintf("%s %s -> %s", strings.TrimPrefix(d.Key, "parameters."), shown(d.Then), shown(d.Now))
}

// Describe puts differences on one line.
func Describe(list []Difference) string {
	texts := make([]string, len(list))
	for i, d := range list {
		texts[i] = d.String()
	}
	return strings.Join(texts, ", ")
}

// shown shortens hashes.
func shown(value string) string {
	switch {
	case value == "":
		return "none"
	case len(value) == 64 && !strings.ContainsAny(value, " ,."):
		return value[:12]
	}
	return value
}

// Differences lists how two recipes differ, by key.
func Differences(then, now Recipe) []Difference {
	a, b := flatten(then), flatten(now)
	both := maps.Clone(a)
	maps.Copy(both, b)
	var list []Difference
	for _, key := range slices.Sorted(maps.Keys(both)) {
		if a[key] != b[key] {
			list = append(list, Difference{key, a[key], b[key]})
		}
	}
	return list
}

// flatten returns a recipe's values by their path.
func flatten(r Recipe) map[string]string {
	var tree map[string]json.RawMessage
	_ = json.Unmarshal(r.JSON(), &tree) // just marshalled
	values := map[string]string{}
	flattenInto(values, "", tree)
	return values
}

func flattenInto(values map[string]string, prefix string, tree map[string]json.RawMessage) {
	for key, value := range tree {
		var below map[string]json.RawMessage
		if json.Unmarshal(value, &below) == nil && below != nil {
			flattenInto(values, prefix+key+".", below)
			continue
		}
		values[prefix+key] = strings.Trim(string(value), `"`)
	}
}
