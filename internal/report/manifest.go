package report

import (
	"encoding/json"
	"strings"

	"zellige/internal/parameter"
)

// manifestText is the run's manifest without the paths of the machine.
func (r *Run) manifestText() string {
	m := *r.Manifest
	m.Paths = nil
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return "" // it was read from JSON
	}
	return strings.Replace(string(data), "  \"paths\": null,\n", "", 1)
}

// parameterKeys are those of the run's parameters, in the order of the command's
// help.
func parameterKeys(r *Run) []string {
	var keys []string
	for _, p := range parameter.All() {
		if _, ok := r.Recipe.Parameters[p.Key()]; ok {
			keys = append(keys, p.Key())
		}
	}
	return keys
}
