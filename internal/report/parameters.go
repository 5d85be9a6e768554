package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"zellige"
	"zellige/internal/parameter"
)

// parameters are what the run was given: what its preset says otherwise, and the rest.
func (r *Painted) parameters() (own, others []Labelled) {
	m := r.manifest()
	own = []Labelled{
		{"command", r.number("recipe.command", m.Recipe.Command)},
		{"preset", r.number("recipe.preset", m.Recipe.Preset)},
	}
	for _, role := range append(r.pictured(), "init") {
		if p, ok := m.Recipe.Pictures[role]; ok {
			own = append(own, Labelled{caption(role), r.number("recipe.pictures."+role+".file", p.File)})
		}
	}
	if len(m.Recipe.Blend) > 0 {
		own = append(own, Labelled{"style blend", r.number("recipe.style_blend", strings.Trim(fmt.Sprint(m.Recipe.Blend), "[]"))})
	}
	own = append(own, Labelled{"init", r.number("recipe.init", string(m.Recipe.Init))})
	preset, err := zellige.Preset(m.Recipe.Preset)
	for _, p := range parameter.All() {
		if r.parameter(p.Key()) == "" {
			continue
		}
		l := Labelled{strings.ReplaceAll(p.Key(), "_", " "), r.set(p.Key())}
		if err == nil && p.Text(&preset) == p.Text(&m.Options) {
			others = append(others, l)
		} else {
			own = append(own, l)
		}
	}
	others = append(others, Labelled{"range", r.number("recipe.range", m.Recipe.Range)})
	if s := m.Recipe.Schedule; s.Restart > 0 {
		others = append(others, Labelled{"fresh Adam at", r.number("recipe.schedule.restart", fmt.Sprint(s.Restart))},
			Labelled{"its rate", r.number("recipe.schedule.restart_rate", fmt.Sprint(s.RestartRate))})
	}
	return own, others
}

// restart says what the losses do where a fresh optimiser begins; "" if none does.
func (r *Painted) restart() string {
	s := r.manifest().Recipe.Schedule
	if s.Restart == 0 || s.Restart >= r.manifest().Iterations {
		return ""
	}
	return fmt.Sprintf("The spike at %d is planned: a fresh Adam begins there, at rate %g. It remembers no earlier steps, so its first "+
		"one moves every pixel by the whole rate, and total variation sees that as noise.", s.Restart, s.RestartRate)
}

// manifestText is the run's manifest without the paths of the machine.
func (r *Painted) manifestText() string {
	m := *r.manifest().Manifest
	m.Paths = nil
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return "" // it was read from JSON
	}
	return strings.Replace(string(data), "  \"paths\": null,\n", "", 1)
}
