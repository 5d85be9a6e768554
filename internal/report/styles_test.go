package report

import (
	"slices"
	"testing"
)

const stylesFile = `
defaults: {preset: lab, content: lion.png, style: [waves.png, lion.png], image_size: 16, style_size: 16, iterations: 3, style_layers: [1], style_weights: [2]}
runs:
  - {name: blend, style_blend: [1, 3], mask: ["", lion.png]}
  - {name: texture, command: synthesize, style: waves.png, size: 20x10}
  - {name: textures, command: synthesize, style: waves.png, size: 20x10, sweep: {seed: [1, 2]}}
`

// TestSeveralStylesAndTextures: every style and mask is shown, and what has no
// content lacks none.
func TestSeveralStylesAndTextures(t *testing.T) {
	folder := labFolder(t, stylesFile)
	var alts []string
	for _, n := range elements(rendered(t, folder), "img") {
		alts = append(alts, attribute(n, "alt"))
	}
	for _, want := range []string{
		"lion in the style of waves and lion", "lion, the content picture", "waves, the style picture", "lion, the style 2 picture",
		"lion, the mask 2 picture", "a texture in the style of waves",
	} {
		if !slices.Contains(alts, want) {
			t.Errorf("no picture is %q; there are %q", want, alts)
		}
	}
	r := readReport(t, folder)
	for _, run := range r.Runs {
		labels := map[string]string{}
		own, others := run.parameters()
		for _, p := range append(own, others...) {
			labels[p.Label] = p.Text
		}
		if run.ID == "blend" && (labels["style blend"] != "1 3" || labels["style 2"] != "lion.png") {
			t.Errorf("parameters %v", labels)
		}
	}
	if _, err := r.ContactSheet(); err != nil {
		t.Error(err)
	}
}
