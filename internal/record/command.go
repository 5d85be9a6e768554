package record

// The commands that paint a picture.
const (
	Transfer   = "transfer"
	Invert     = "invert"
	Synthesize = "synthesize"
)

// Commands are the commands that paint a picture.
func Commands() []string { return []string{Transfer, Invert, Synthesize} }

// The kinds of pictures that a picture is painted from, see [zellige.Role].
const (
	Content = "content"
	Style   = "style"
	Mask    = "mask"
	Init    = "init"
)

// UnusedBy returns the keys of an experiment file that a command has no use for,
// and why. Keys of parameters are among them.
func UnusedBy(command string) (keys []string, why string) {
	switch command {
	case Invert:
		return []string{Style, "style_blend", Mask, Init, "quality", "style_size", "style_scale", "style_layers", "style_weights", "gram",
			"strength", "recolor", "coherence", "brushwork", "keep_colors"}, "invert starts from noise and knows no style"
	case Synthesize:
		return []string{Content, Init, "layer", "content_layer", "content_weight", "strength", "keep_colors", "keep_alpha"},
			"synthesize starts from noise and knows no content"
	}
	return []string{"layer"}, "transfer calls it content_layer"
}
