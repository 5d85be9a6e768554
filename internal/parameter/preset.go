package parameter

import (
	"fmt"

	"zellige"
)

// Presets are the names that [zellige.Preset] knows; the first is that of
// [zellige.DefaultOptions].
func Presets() []string { return []string{"paint", "gram", "lab", "texture"} }

// Qualities are the names that [zellige.Options.SetQuality] knows, fastest first.
func Qualities() []string { return []string{"draft", "fine", "best"} }

// PresetOf is the preset that a command begins with.
func PresetOf(command string) string {
	switch command {
	case "invert":
		return zellige.InversionPreset
	case "evaluate": // a matching loss is another at each iteration
		return "gram"
	case "synthesize":
		return zellige.TexturePreset
	}
	return Presets()[0]
}

// CheckQuality refuses to set a quality with a preset that has none. The error is
// an *[Error].
func CheckQuality(preset string) error {
	if preset != zellige.InversionPreset {
		return nil
	}
	return &Error{Name: "quality", Reason: fmt.Sprintf("is for all presets but lab, not for the preset %s", preset)}
}
